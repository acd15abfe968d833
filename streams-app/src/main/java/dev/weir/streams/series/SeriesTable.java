package dev.weir.streams.series;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.weir.schemas.delta.Amounts;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.delta.NativeHistogram;
import dev.weir.schemas.delta.SeriesKey;
import dev.weir.schemas.delta.Tally;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.streams.weight.Weight;
import java.util.Arrays;

/**
 * What the label sets of one tenant and metric group grew by since the last {@link #drain}, on the
 * heap. A label set is found by a key of the caller's choice (several keys may mean the same label
 * set; their amounts meet in the shard). After a drain all amounts are 0, but keys and labels stay,
 * so that known series cost no allocation. Not thread-safe.
 *
 * <p>Entries are numbers; keys stand in one array of bytes, each before the numbers of its {@link
 * LabelPairs}. An entry that has grown since the last drain has a row of amounts, in one array of
 * longs: the vector of {@link MetricGroup}, then the upper halves of the histograms' sums
 * (durations of 2⁶⁰ ns do occur: spans that claim to have begun in 1970). Where spans have weights,
 * a row is {@link Amounts} of 128 bits in units of 2⁻²⁰ instead; a table has either the one or the
 * other.
 */
public final class SeriesTable {
  private static final Hasher64 HASHER = Hashing.wyhashFinal4();
  private static final int INVALID = -1;

  // what is known of an entry, next to each other, as it is needed together
  private static final int KEY_OFFSET = 0;
  private static final int PAIRS_OFFSET = 1;
  private static final int SHARD = 2;
  private static final int ROW = 3; // row + 1; 0 if it has not grown
  private static final int ENTRY = 4;

  private final byte[] tenant;
  private final MetricGroup group;
  private final int shards;
  private final int buckets;
  private final int vectorLength;
  private final int stride;
  private final boolean[] selected;
  private final Tally drained;
  private final boolean hasNatives;
  private final NativeCells natives;
  private final boolean hasExemplars;
  private final ExemplarCells exemplars = new ExemplarCells();
  private final ByteWriter arena = new ByteWriter(1024);
  private final LabelPairs pairs = new LabelPairs();
  private final ByteWriter scratch = new ByteWriter(256);

  private int size;

  /** The hash of a key in the upper half, its entry + 1 in the lower; 0 if free. */
  private long[] slots = new long[64];

  private int[] entries = new int[32 * ENTRY];
  private int[] touched = new int[32]; // by row, the entry
  private int touchedCount;
  private long[] amounts;
  private Amounts[] weighted;

  /**
   * @param settings what is handed over, and how; everything may be added
   * @param buckets buckets of each histogram, the unbounded one included
   * @param shards how many shards label sets are spread over
   */
  public SeriesTable(
      byte[] tenant, MetricGroup group, SeriesSettings settings, int buckets, int shards) {
    this.tenant = tenant;
    this.group = group;
    this.shards = shards;
    this.buckets = buckets;
    this.vectorLength = group.vectorLength(buckets);
    this.stride = vectorLength + group.histograms();
    this.selected = settings.selection().entries(group, buckets);
    boolean hasWeights = settings.weights().enabled();
    this.hasNatives = settings.selection().exponential();
    this.natives = new NativeCells(settings.natives().schema());
    this.hasExemplars = settings.hasExemplars();
    if (hasExemplars) {
      exemplars.reserve(32 * bucketsPerEntry());
    }
    this.drained = new Tally(vectorLength, hasWeights);
    this.amounts = new long[hasWeights ? 0 : 32 * stride];
    this.weighted = new Amounts[hasWeights ? 32 : 0];
  }

  /** The entry with this key, or -1 if there is none yet. */
  public int find(byte[] key, int offset, int length) {
    int hash = hash(key, offset, length);
    int mask = slots.length - 1;
    for (int slot = hash & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
      int entry = (int) slots[slot] - 1;
      if ((int) (slots[slot] >>> 32) == hash && keyEquals(entry, key, offset, length)) {
        return entry;
      }
    }
    return -1;
  }

  private static int hash(byte[] key, int offset, int length) {
    return (int) HASHER.hashBytesToLong(key, offset, length);
  }

  private boolean keyEquals(int entry, byte[] key, int offset, int length) {
    int at = entry * ENTRY;
    return Arrays.equals(
        arena.bytes(),
        entries[at + KEY_OFFSET],
        entries[at + PAIRS_OFFSET],
        key,
        offset,
        offset + length);
  }

  /** Makes an entry for a key that has none. */
  public int insert(byte[] key, int offset, int length, LabelsWriter labels) {
    reserve();
    int entry = size++;
    int at = entry * ENTRY;
    entries[at + KEY_OFFSET] = arena.length();
    arena.raw(key, offset, length);
    entries[at + PAIRS_OFFSET] = arena.length();
    pairs.write(labels.labels(), arena);
    entries[at + SHARD] = labels.isWellFormed() ? shard(labels.labels()) : INVALID;
    entries[at + ROW] = 0;
    index((long) hash(key, offset, length) << 32 | entry + 1);
    return entry;
  }

  private boolean hasWeights() {
    return weighted.length > 0;
  }

  private int shard(ByteWriter labels) {
    long hash = SeriesKey.hash(tenant, group, labels.bytes(), 0, labels.length(), scratch);
    return SeriesKey.shard(hash, shards);
  }

  /** The labels of an entry, until the next call. */
  private ByteWriter labels(int entry) {
    int offset = entries[entry * ENTRY + PAIRS_OFFSET];
    int next = entry + 1;
    int end = next < size ? entries[next * ENTRY + KEY_OFFSET] : arena.length();
    pairs.read(arena.bytes(), offset, end - offset, scratch);
    return scratch;
  }

  private void index(long hashAndEntry) {
    int mask = slots.length - 1;
    int slot = (int) (hashAndEntry >>> 32) & mask;
    while (slots[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = hashAndEntry;
  }

  private void reserve() {
    if (size * ENTRY < entries.length) {
      return;
    }
    int capacity = size + size / 4;
    entries = Arrays.copyOf(entries, capacity * ENTRY);
    if (capacity > slots.length / 3 * 2) {
      long[] old = slots;
      slots = new long[old.length * 2];
      for (long hashAndEntry : old) {
        if (hashAndEntry != 0) {
          index(hashAndEntry);
        }
      }
    }
  }

  /**
   * Whether the entry's labels may be sent; nothing may be added to one whose labels are not UTF-8.
   */
  public boolean isWellFormed(int entry) {
    return entries[entry * ENTRY + SHARD] != INVALID;
  }

  /**
   * Adds to the first counter, and to the others whatever the caller adds next: every growth of an
   * entry begins here.
   */
  public void count(int entry) {
    int row = grow(entry); // before the array is named, which it may replace
    amounts[row * stride]++;
  }

  /** The row of an entry, which it gets if it has none. */
  private int grow(int entry) {
    int row = row(entry);
    return row >= 0 ? row : newRow(entry);
  }

  private int newRow(int entry) {
    int row = touchedCount++;
    if (row == touched.length) {
      reserveRows(row * 2);
    }
    if (hasWeights() && weighted[row] == null) {
      weighted[row] = new Amounts(vectorLength);
    }
    touched[row] = entry;
    entries[entry * ENTRY + ROW] = row + 1;
    return row;
  }

  private void reserveRows(int capacity) {
    touched = Arrays.copyOf(touched, capacity);
    if (hasWeights()) {
      weighted = Arrays.copyOf(weighted, capacity);
    } else {
      amounts = Arrays.copyOf(amounts, capacity * stride);
    }
    if (hasExemplars) {
      exemplars.reserve(capacity * bucketsPerEntry());
    }
  }

  /** The row of an entry; -1 if it has none. */
  private int row(int entry) {
    return entries[entry * ENTRY + ROW] - 1;
  }

  /** The same of a span with a weight. */
  public void count(int entry, Weight weight) {
    int row = grow(entry);
    weighted[row].add(0, weight.high(), weight.low());
  }

  /** Adds to a counter behind the first one. */
  public void add(int entry, int counter, long amount) {
    amounts[row(entry) * stride + counter] += amount;
  }

  /** The same of a span with a weight, which the amount is multiplied by. */
  public void add(int entry, int counter, long amount, Weight weight) {
    weighted[row(entry)].addProduct(counter, amount, weight.high(), weight.low());
  }

  /** Adds an observation of {@code nanos} (unsigned) to a histogram. */
  public void observe(int entry, int histogram, long nanos, int bucket) {
    int row = row(entry);
    int base = row * stride;
    int sum = base + group.sumIndex(histogram, buckets);
    long low = amounts[sum] + nanos;
    if (Long.compareUnsigned(low, nanos) < 0) {
      amounts[base + vectorLength + histogram]++;
    }
    amounts[sum] = low;
    amounts[sum + 1 + bucket]++;
    if (hasNatives) {
      natives.add(nativeNumber(row, histogram), nanos, 0, 1);
    }
  }

  /** The same of a span with a weight. */
  public void observe(int entry, int histogram, long nanos, int bucket, Weight weight) {
    int row = row(entry);
    int sum = group.sumIndex(histogram, buckets);
    weighted[row].addProduct(sum, nanos, weight.high(), weight.low());
    weighted[row].add(sum + 1 + bucket, weight.high(), weight.low());
    if (hasNatives) {
      natives.add(nativeNumber(row, histogram), nanos, weight.high(), weight.low());
    }
  }

  /**
   * Adds an observation to the only histogram of a group without counters, where every growth of an
   * entry begins here.
   */
  public void observeOnly(int entry, long nanos, int bucket) {
    grow(entry);
    observe(entry, 0, nanos, bucket);
  }

  /** The same of a span with a weight. */
  public void observeOnly(int entry, long nanos, int bucket, Weight weight) {
    grow(entry);
    observe(entry, 0, nanos, bucket, weight);
  }

  /**
   * Whether {@link #exemplar} could take a span; if not now, it will not until the next drain, so
   * that it need not be offered.
   */
  public boolean couldTakeExemplar(int entry, int histogram, int bucket, SpanIds ids) {
    int row = row(entry);
    return row < 0 || exemplars.couldTake(exemplarBucket(row, histogram, bucket), ids);
  }

  /** Offers what was observed as an exemplar of its bucket; only if settings have exemplars. */
  public void exemplar(int entry, int histogram, long nanos, int bucket, SpanIds ids) {
    exemplars.offer(exemplarBucket(row(entry), histogram, bucket), ids, nanos);
  }

  private int exemplarBucket(int row, int histogram, int bucket) {
    return row * bucketsPerEntry() + histogram * buckets + bucket;
  }

  private int bucketsPerEntry() {
    return group.histograms() * buckets;
  }

  /** Whether anything was added since the last drain. */
  public boolean isTouched() {
    return touchedCount > 0;
  }

  /** Hands over all amounts and makes them 0. */
  public void drain(DeltaSink sink) {
    for (int row = 0; row < touchedCount; row++) {
      int entry = touched[row];
      entries[entry * ENTRY + ROW] = 0;
      drained.amounts().clear();
      if (hasNatives) {
        takeNatives(row);
      }
      if (hasExemplars) {
        drained.exemplars().clear();
        exemplars.take(row * bucketsPerEntry(), bucketsPerEntry(), drained.exemplars());
      }
      if (hasWeights()) {
        take(weighted[row]);
      } else {
        take(row * stride);
      }
      ByteWriter labels = labels(entry);
      drained.write(
          sink.labelSet(
              entries[entry * ENTRY + SHARD],
              group,
              drained.flags(),
              labels.bytes(),
              0,
              labels.length()));
    }
    touchedCount = 0;
    if (hasNatives) {
      natives.clear();
    }
    exemplars.clear();
  }

  private int nativeNumber(int row, int histogram) {
    return row * group.histograms() + histogram;
  }

  /** Before the amounts are taken: the sums are there. */
  private void takeNatives(int row) {
    for (int histogram = 0; histogram < group.histograms(); histogram++) {
      NativeHistogram into = drained.nativeAt(histogram);
      natives.take(nativeNumber(row, histogram), into);
      int sum = group.sumIndex(histogram, buckets);
      if (hasWeights()) {
        into.sumAndZero().addEntry(0, weighted[row], sum);
      } else {
        int base = row * stride;
        into.addSum(amounts[base + vectorLength + histogram], amounts[base + sum]);
      }
    }
  }

  private void take(Amounts of) {
    for (int i = 0; i < vectorLength; i++) {
      if (selected[i]) {
        drained.amounts().addEntry(i, of, i);
      }
    }
    of.clear();
  }

  private void take(int base) {
    for (int i = 0; i < vectorLength; i++) {
      if (selected[i]) {
        drained.amounts().add(i, 0, amounts[base + i]);
      }
    }
    for (int histogram = 0; histogram < group.histograms(); histogram++) {
      int sum = group.sumIndex(histogram, buckets);
      if (selected[sum]) {
        drained.amounts().add(sum, amounts[base + vectorLength + histogram], 0);
      }
    }
    Arrays.fill(amounts, base, base + stride, 0);
  }

  /** Bytes of the keys and of what they stand for. */
  public int bytes() {
    return arena.length() + pairs.bytes();
  }

  /** Forgets all keys if they take more than {@code maxBytes}; to be called right after a drain. */
  public void forgetIfLargerThan(int maxBytes) {
    if (bytes() > maxBytes && !isTouched()) {
      forget();
    }
  }

  /** Forgets all keys; to be called right after a drain. */
  public void forget() {
    arena.truncate(0);
    pairs.clear();
    size = 0;
    Arrays.fill(slots, 0);
  }
}
