package dev.weir.streams.cardinality;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.delta.SeriesKey;
import dev.weir.schemas.layout.ByteReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the tenants of one shard ask for: the label sets that grew in the last while, admitted or
 * not, and the values of their labels. Kept on the heap only: after a restart it fills again within
 * a few windows. Thread-safe: a stream thread tells it what grew, others ask.
 */
public final class ShardCardinality {
  private static final long SLOT_MILLIS = Duration.ofMinutes(5).toMillis();
  private static final int MOST_LABELS = 64;
  private static final Hasher64 HASHER = Hashing.wyhashFinal4();
  private static final String SPAN_NAME = "span_name";

  private final long windowMillis;
  private final int slots;
  private final ToIntFunction<MetricGroup> seriesOf;
  private final ByteReader labels = new ByteReader();
  private final Map<String, Tenant> tenants = new LinkedHashMap<>();
  private long now;

  /**
   * @param window length of a window
   * @param remembered for how long growth is remembered, rounded up to the next 5 minutes
   * @param seriesOf how many series a label set of a group has at most
   */
  public ShardCardinality(
      Duration window, Duration remembered, ToIntFunction<MetricGroup> seriesOf) {
    this.windowMillis = window.toMillis();
    this.slots = Math.toIntExact(remembered.toMillis() / SLOT_MILLIS) + 1;
    this.seriesOf = seriesOf;
  }

  /** A label set grew in a window. */
  public synchronized void grew(SeriesKey key, long window) {
    passed(window);
    long slot = slotOf(window);
    tenants
        .computeIfAbsent(new String(key.tenant(), StandardCharsets.UTF_8), id -> new Tenant())
        .grew(key, slot);
  }

  /** Time has come to a window, whether or not anything grew in it. */
  public synchronized void passed(long window) {
    long slot = slotOf(window);
    if (slot > now) {
      now = slot;
      tenants.values().removeIf(tenant -> tenant.lastSlot <= now - slots);
    }
  }

  private long slotOf(long window) {
    return window * windowMillis / SLOT_MILLIS;
  }

  /** What a tenant asks for in this shard. */
  public synchronized Demand demand(String tenant) {
    Tenant known = tenants.get(tenant);
    return known == null ? Demand.NONE : known.demand();
  }

  /** Adds what it knows, of one tenant or of all, to what other shards know. */
  synchronized void addTo(Map<String, TenantSketch> all, Optional<String> only) {
    tenants.forEach(
        (id, tenant) -> {
          if (only.isEmpty() || only.get().equals(id)) {
            tenant.addTo(all.computeIfAbsent(id, key -> new TenantSketch()));
          }
        });
  }

  /** One tenant's sketches. */
  private final class Tenant {
    private final Map<MetricGroup, SlidingSketch> labelSets = new EnumMap<>(MetricGroup.class);
    private final Map<String, Label> byLabel = new LinkedHashMap<>();
    private long lastSlot;

    void grew(SeriesKey key, long slot) {
      lastSlot = Math.max(lastSlot, slot);
      labelSets
          .computeIfAbsent(key.group(), group -> new SlidingSketch(slots))
          .add(key.hash(), slot);
      if (key.group() != MetricGroup.TARGET_INFO) { // whose labels nobody chose
        addLabels(key, slot);
      }
    }

    private void addLabels(SeriesKey key, long slot) {
      int offset = key.labelsOffset();
      labels.reset(key.bytes(), offset, key.bytes().length - offset);
      while (labels.hasMore()) {
        String name = new String(labels.prefixed(), StandardCharsets.UTF_8);
        int length = labels.uvarint31();
        long hash = HASHER.hashBytesToLong(key.bytes(), labels.skip(length), length);
        Label label = byLabel.get(name);
        if (label == null && byLabel.size() < MOST_LABELS) {
          label = new Label(new SlidingSketch(slots));
          byLabel.put(name, label);
        }
        if (label != null && label.values.add(hash, slot)) {
          label.example = key;
        }
      }
    }

    Demand demand() {
      long series = 0;
      long entities = 0;
      for (Map.Entry<MetricGroup, SlidingSketch> group : labelSets.entrySet()) {
        long estimate = group.getValue().estimate(now);
        entities += estimate;
        series += estimate * seriesOf.applyAsInt(group.getKey());
      }
      return new Demand(series, entities);
    }

    void addTo(TenantSketch all) {
      all.add(demand());
      byLabel.forEach(
          (name, label) -> label.values.addTo(all.label(name, label.exampleSpanName()), now));
    }
  }

  /** One label's values, and the last label set that brought a new one. */
  private static final class Label {
    private final SlidingSketch values;
    private @Nullable SeriesKey example;

    Label(SlidingSketch values) {
      this.values = values;
    }

    String exampleSpanName() {
      if (example == null) {
        return "";
      }
      int offset = example.labelsOffset();
      ByteReader reader =
          new ByteReader().reset(example.bytes(), offset, example.bytes().length - offset);
      while (reader.hasMore()) {
        String name = new String(reader.prefixed(), StandardCharsets.UTF_8);
        String value = new String(reader.prefixed(), StandardCharsets.UTF_8);
        if (name.equals(SPAN_NAME)) {
          return value;
        }
      }
      return "";
    }
  }
}
