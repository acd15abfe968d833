package dev.weir.streams.merge;

import dev.weir.schemas.delta.DeltaBatchReader;
import dev.weir.schemas.delta.Exemplars;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.delta.SeriesKey;
import dev.weir.schemas.delta.Tally;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.streams.cardinality.ShardCardinality;
import dev.weir.streams.merge.SeriesState.Growth;
import dev.weir.streams.outbox.SampleBatch;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.overrides.TenantSettings;
import dev.weir.streams.series.BucketLayout;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.MetricSelection;
import dev.weir.streams.series.NativeSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The second stage for one shard. Deltas are added up on the heap between commits and reach the
 * store in {@link #flush}, or when a window is closed. A window is closed when every source
 * partition is complete through it: every active label set gets a sample. Closing goes in slices of
 * a fixed number of label sets, one outbox record each, and may be interrupted by a commit between
 * any two; the records are the same.
 *
 * <p>A tenant's label sets are admitted when the first window in which they grew is closed, in the
 * order of their hash, as long as the shard's share of the tenant's limit lasts. Those that are
 * active go on whatever the limit. What is not admitted is forgotten, after its growth in that
 * window was added to the {@link Overflow} series, and tried again when it grows next. Whatever has
 * ended gives back its share when its state goes. Not thread-safe.
 *
 * <p>State: key 0 holds {@link ShardProgress}; keys that begin with 0, 1 belong to {@link
 * ActiveSeries}; keys that begin with 0 otherwise are not its own; every other key is a {@link
 * SeriesKey} and holds a {@link SeriesState}.
 */
public final class ShardMerge {
  /**
   * Label sets in an outbox record. Part of what the outbox looks like: a replay must cut it in the
   * same places.
   */
  static final int LABEL_SETS_PER_RECORD = 100;

  /** Label sets with growth on the heap; more go to the store before the commit. */
  private static final int MOST_PENDING = 50_000;

  private static final Exemplars NO_EXEMPLARS = new Exemplars();
  private static final byte[] PROGRESS = {0};
  private static final byte[] FIRST_SERIES = {1};

  private final MergeSettings settings;
  private final SettingsByWindow tenantSettings;
  private final SeriesStore store;
  private final SampleOutput output;
  private final int shard;
  private final ShardCardinality cardinality;
  private final ShardProgress progress;
  private final ActiveSeries active;
  private final Layouts layouts;
  private final BucketsByWindow buckets;
  private final Map<SeriesKey, TreeMap<Long, Growth>> pending = new LinkedHashMap<>();
  private final ByteWriter scratch = new ByteWriter(256);
  private boolean changed;
  private long lateDeltas;
  private long activeLabelSets;
  private long countedLabelSets;

  /**
   * @param tenantSettings what is in force for tenants
   * @param shard its number
   * @param cardinality is told what grows
   * @param store holds what a predecessor left; its progress is read now
   * @param output used only within {@link #closeSlices}
   * @throws StateMismatchException if the state was made under settings that cannot change
   */
  public ShardMerge(
      MergeSettings settings,
      SettingsByWindow tenantSettings,
      int shard,
      ShardCardinality cardinality,
      SeriesStore store,
      SampleOutput output) {
    this.settings = settings;
    this.tenantSettings = tenantSettings;
    this.shard = shard;
    this.cardinality = cardinality;
    this.store = store;
    this.output = output;
    this.progress = new ShardProgress(settings);
    byte[] stored = store.get(PROGRESS);
    if (stored != null) {
      progress.read(stored);
    }
    this.layouts = progress.layouts();
    this.buckets = new BucketsByWindow(tenantSettings, layouts);
    this.active = new ActiveSeries(store);
    if (active.isEmpty()) {
      countActive();
    }
  }

  /** The state is of a program that did not count yet, or there is nothing to count. */
  private void countActive() {
    store.scan(
        FIRST_SERIES,
        (key, value) -> {
          SeriesKey series = new SeriesKey(key);
          SeriesState state = read(series.group(), value);
          if (!series.isOverflow() && state.lastGrown() > 0) {
            long lastClosed = progress.next().orElse(1) - 1;
            MetricSelection selection =
                settingsOf(series.tenant(), lastClosed).selection(series.group());
            active.of(series.tenant()).added(seriesIn(series.group(), state, selection));
            changed = true;
          }
          return true;
        });
  }

  private TenantSettings settingsOf(byte[] tenant, long window) {
    return tenantSettings.at(new String(tenant, StandardCharsets.UTF_8), window).settings();
  }

  private int seriesIn(MetricGroup group, SeriesState state, MetricSelection selection) {
    return seriesIn(group, state.layout(), state.total(), selection);
  }

  private int seriesIn(MetricGroup group, int layout, Tally tally, MetricSelection selection) {
    return SampleBatch.series(group, layouts.of(layout).bounds().buckets(), tally, selection);
  }

  /** Adds a batch of deltas, in the layout of {@link dev.weir.schemas.delta.DeltaBatchWriter}. */
  public void accept(byte[] batch) {
    changed = true;
    DeltaBatchReader deltas = new DeltaBatchReader(batch);
    while (deltas.next()) {
      SeriesKey key =
          SeriesKey.of(
              deltas.tenant(),
              deltas.group(),
              deltas.buffer(),
              deltas.labelsOffset(),
              deltas.labelsLength(),
              scratch);
      long window = openWindow(deltas.window());
      progress.grew(window);
      if (window == deltas.window()) {
        deltas.addTo(pendingGrowth(key, deltas.tenant(), window));
      } else {
        acceptLate(deltas, key, window);
      }
    }
    progress.heard(deltas.sourcePartition(), deltas.sourcePartitions(), deltas.openFrom());
    if (pending.size() > MOST_PENDING) {
      flushPending();
    }
  }

  private void acceptLate(DeltaBatchReader deltas, SeriesKey key, long window) {
    MetricGroup group = deltas.group();
    HistogramBounds then = buckets.at(deltas.tenant(), deltas.window(), group).bounds();
    Tally late = new Tally(group.vectorLength(then.buckets()));
    deltas.addTo(late);
    HistogramBounds now = buckets.at(deltas.tenant(), window, group).bounds();
    pendingGrowth(key, deltas.tenant(), window)
        .add(
            then.equals(now)
                ? late
                : late.withAmounts(Relayout.of(group, late.amounts(), then, now)));
  }

  private Tally pendingGrowth(SeriesKey key, byte[] tenant, long window) {
    return pending
        .computeIfAbsent(key, k -> new TreeMap<>())
        .computeIfAbsent(
            window,
            w -> {
              int layout = buckets.at(tenant, w, key.group()).layout();
              return new Growth(layout, new Tally(vectorLength(key.group(), layout)));
            })
        .tally();
  }

  /**
   * Growth in a window that is closed can only come from a source partition that nobody knew of; it
   * is credited to the oldest open window, never lost.
   */
  private long openWindow(long window) {
    long firstOpen = progress.firstOpen();
    if (window < firstOpen) {
      lateDeltas++;
      return firstOpen;
    }
    return window;
  }

  private int vectorLength(MetricGroup group, int layout) {
    return group.vectorLength(layouts.of(layout).bounds().buckets());
  }

  private SeriesState read(MetricGroup group, byte[] stored) {
    return SeriesState.read(
        stored, layout -> vectorLength(group, layout), ShardProgress.layoutOfVersion1(group));
  }

  /**
   * Closes windows that are complete, a slice at a time.
   *
   * @param atMost how many slices
   * @return whether more can be closed right away
   */
  public boolean closeSlices(int atMost) {
    for (int i = 0; i < atMost; i++) {
      OptionalLong window = progress.closable();
      if (window.isEmpty()) {
        return false;
      }
      if (progress.cursor().length == 0) {
        flushPending();
        countedLabelSets = 0;
      }
      closeSlice(window.getAsLong());
      changed = true;
    }
    return progress.closable().isPresent();
  }

  private void closeSlice(long window) {
    Slice slice = new Slice(window);
    byte[] cursor = progress.cursor();
    store.scan(cursor.length == 0 ? FIRST_SERIES : Arrays.copyOf(cursor, cursor.length + 1), slice);
    slice.changes.forEach(Runnable::run);
    active.save(store);
    boolean hasOverflow = slice.overflow.labelSets() > 0;
    if (slice.tenant != null && hasOverflow) {
      slice.overflow.keyed(slice.tenant).forEach((key, growth) -> grow(key, window, growth));
    }
    countedLabelSets += slice.batch.labelSets();
    if (slice.tenant != null && !slice.batch.isEmpty()) {
      output.samples(slice.tenant, slice.batch.toByteArray());
    }
    if (slice.isCut || hasOverflow) {
      progress.movedTo(slice.lastKey);
    } else {
      progress.closed();
      activeLabelSets = countedLabelSets;
      if (countedLabelSets == 0) {
        progress.skipTo(firstPendingWindow());
      }
      progress.next().ifPresent(next -> cardinality.passed(next - 1));
    }
  }

  /**
   * The first window in which anything grew, if no label set lives; none must be looked for before.
   */
  private long firstPendingWindow() {
    flushPending();
    FirstPending first = new FirstPending();
    store.scan(FIRST_SERIES, first);
    return first.window;
  }

  /** Brings everything to the store; belongs to the commit of all accepted batches. */
  public void flush() {
    if (changed) {
      flushPending();
      active.save(store);
      store.put(PROGRESS, progress.write());
      changed = false;
    }
  }

  private void flushPending() {
    pending.forEach(
        (key, windows) -> {
          SeriesState state = stateOf(key, windows.firstEntry().getValue());
          windows.forEach(state::grow);
          store.put(key.bytes(), state.write());
        });
    pending.clear();
  }

  private void grow(SeriesKey key, long window, Growth growth) {
    SeriesState state = stateOf(key, growth);
    state.grow(window, growth);
    store.put(key.bytes(), state.write());
  }

  /** What is stored; if there is nothing, a state with the buckets of what it grows by first. */
  private SeriesState stateOf(SeriesKey key, Growth first) {
    byte[] stored = store.get(key.bytes());
    return stored == null
        ? SeriesState.fresh(first.layout(), first.tally().amounts().length())
        : read(key.group(), stored);
  }

  /** Up to when samples are final, Unix milliseconds; empty before the first window was closed. */
  public OptionalLong completeThroughMillis() {
    OptionalLong next = progress.next();
    return next.isEmpty() ? next : OptionalLong.of(next.getAsLong() * settings.window().toMillis());
  }

  /** Deltas that came for a window that was closed. */
  public long lateDeltas() {
    return lateDeltas;
  }

  /** Label sets that got a sample in the last window that was closed here. */
  public long activeLabelSets() {
    return activeLabelSets;
  }

  /**
   * What each tenant has here; what changed counts from here anew. To be called between windows or
   * slices.
   */
  public List<TenantUsage> takeUsage() {
    return active.take();
  }

  /** Looks for the earliest window among label sets that have not been in a closed one. */
  private final class FirstPending implements SeriesStore.Visitor {
    private long window = Long.MAX_VALUE;

    @Override
    public boolean entry(byte[] key, byte[] value) {
      window = Math.min(window, read(new SeriesKey(key).group(), value).created());
      return true;
    }
  }

  /** Goes over label sets of one tenant until a record is full. */
  private final class Slice implements SeriesStore.Visitor {
    private final long window;
    private final SampleBatch batch;

    /** Changes to the store, which wait until the scan is over. */
    private final List<Runnable> changes = new ArrayList<>();

    private final Overflow overflow = new Overflow(shard);
    private ActiveSeries.@Nullable Tenant tenantCounts;
    private byte @Nullable [] tenant;

    /** The tenant's settings in this window and in the one before. */
    private @Nullable TenantSettings now, before;

    private byte[] lastKey = new byte[0];
    private boolean isCut;

    Slice(long window) {
      this.window = window;
      long length = settings.window().toMillis();
      this.batch =
          new SampleBatch(
              settings.exemplars(), settings.naming(), window * length, (window + 1) * length);
    }

    @Override
    public boolean entry(byte[] key, byte[] value) {
      SeriesKey series = new SeriesKey(key);
      byte[] itsTenant = series.tenant();
      isCut =
          batch.labelSets() + overflow.labelSets() == LABEL_SETS_PER_RECORD
              || (tenant != null && !Arrays.equals(tenant, itsTenant))
              || (series.isOverflow() && overflow.labelSets() > 0);
      if (isCut) {
        return false;
      }
      ActiveSeries.Tenant counts = tenantCounts == null ? begin(itsTenant) : tenantCounts;
      lastKey = key;
      close(series, read(series.group(), value), counts);
      return true;
    }

    private ActiveSeries.Tenant begin(byte[] itsTenant) {
      tenant = itsTenant;
      ActiveSeries.Tenant counts = active.of(itsTenant);
      now = settingsOf(itsTenant, window);
      before = settingsOf(itsTenant, window - 1);
      counts.limits(now.limits());
      batch.nameTracesBy(now.traceIdLabel());
      tenantCounts = counts;
      return counts;
    }

    private void close(SeriesKey series, SeriesState state, ActiveSeries.Tenant counts) {
      Tally growth = state.take(window);
      if (growth != null && !series.isOverflow()) {
        cardinality.grew(series, window);
      }
      if (growth == null) {
        if (state.lastGrown() > 0) {
          idle(series, state, window - state.lastGrown(), counts);
        }
      } else if (isAdmitted(series, state, growth, counts)) {
        grown(series, state, growth, counts);
      } else {
        folded(series, state, growth, counts);
      }
    }

    private boolean isAdmitted(
        SeriesKey series, SeriesState state, Tally growth, ActiveSeries.Tenant counts) {
      return series.isOverflow()
          || state.lastGrown() > 0
          || counts.admits(settings.shards(), seriesIn(series, growth));
    }

    private int seriesIn(SeriesKey series, Tally growth) {
      return ShardMerge.this.seriesIn(
          series.group(), layoutNow(series), growth, selectionNow(series));
    }

    private int seriesIn(SeriesKey series, SeriesState state, MetricSelection selection) {
      return ShardMerge.this.seriesIn(series.group(), state, selection);
    }

    private MetricSelection selectionNow(SeriesKey series) {
      return Objects.requireNonNull(now).selection(series.group());
    }

    private MetricSelection selectionBefore(SeriesKey series) {
      return Objects.requireNonNull(before).selection(series.group());
    }

    /** The growth in this window has it. */
    private int layoutNow(SeriesKey series) {
      return buckets.at(series.tenant(), window, series.group()).layout();
    }

    private void grown(
        SeriesKey series, SeriesState state, Tally growth, ActiveSeries.Tenant counts) {
      boolean isNew = state.lastGrown() == 0;
      int had = seriesIn(series, state, selectionBefore(series));
      boolean wasSent = !isNew && window - state.lastGrown() <= settings.staleAfterWindows();
      if (wasSent) {
        endDeselected(series, state);
      }
      relay(series, state, wasSent);
      Tally before = state.total().copy();
      NativeSettings natives = buckets.at(series.tenant(), window, series.group()).natives();
      state.close(window, growth, natives.maxBuckets(), natives.minResetWindows(settings.window()));
      if (!series.isOverflow()) {
        int has = seriesIn(series, state, selectionNow(series));
        if (isNew) {
          counts.added(has);
        } else {
          counts.changed(has - had);
        }
      }
      add(series, state, before, growth.exemplars());
      changes.add(() -> store.put(series.bytes(), state.write()));
    }

    private void folded(
        SeriesKey series, SeriesState state, Tally growth, ActiveSeries.Tenant counts) {
      int layout = layoutNow(series);
      overflow.fold(series.group(), new Growth(layout, growth));
      counts.limited(seriesIn(series, growth));
      beginAnew(series, state);
    }

    private void beginAnew(SeriesKey series, SeriesState state) {
      changes.add(
          state.restart()
              ? () -> store.put(series.bytes(), state.write())
              : () -> store.delete(series.bytes()));
    }

    private void idle(
        SeriesKey series, SeriesState state, long windows, ActiveSeries.Tenant counts) {
      int had = seriesIn(series, state, selectionBefore(series));
      if (windows > settings.staleAfterWindows()) {
        if (!series.isOverflow()) {
          counts.removed(had);
        }
        beginAnew(series, state);
        return;
      }
      boolean differs = !selectionNow(series).equals(selectionBefore(series));
      if (windows == settings.staleAfterWindows()) {
        batch.addStale(series, layouts.of(state.layout()), selectionBefore(series), state.total());
      } else {
        endDeselected(series, state);
        if (relay(series, state, true)) {
          differs = true;
          changes.add(() -> store.put(series.bytes(), state.write()));
        }
        add(series, state, state.total(), NO_EXEMPLARS);
      }
      if (differs && !series.isOverflow()) {
        counts.changed(seriesIn(series, state, selectionNow(series)) - had);
      }
    }

    /** What was sent for the window before and is selected no longer gets a staleness marker. */
    private void endDeselected(SeriesKey series, SeriesState state) {
      batch.addDeselected(
          series,
          layouts.of(state.layout()),
          selectionBefore(series).without(selectionNow(series)),
          state.total());
    }

    private void add(SeriesKey series, SeriesState state, Tally before, Exemplars exemplars) {
      batch.add(
          series,
          layouts.of(state.layout()),
          selectionNow(series),
          before,
          state.total(),
          exemplars,
          state.created() * settings.window().toMillis());
    }

    /**
     * Gives the total this window's buckets; whether it had others.
     *
     * @param wasSent whether there were samples for the window before
     */
    private boolean relay(SeriesKey series, SeriesState state, boolean wasSent) {
      BucketsByWindow.Buckets now = buckets.at(series.tenant(), window, series.group());
      BucketLayout from = layouts.of(state.layout());
      if (from.bounds().equals(now.bounds())) {
        return false;
      }
      BucketLayout to =
          state.lastGrown() == 0 ? layouts.of(now.layout()) : from.changedTo(now.bounds(), window);
      if (wasSent && selectionBefore(series).classic() && selectionNow(series).classic()) {
        batch.addGone(series, from, to, state.total().amounts());
      }
      state.relaid(
          layouts.numberOf(to),
          Relayout.of(series.group(), state.total().amounts(), from.bounds(), to.bounds()));
      return true;
    }
  }
}
