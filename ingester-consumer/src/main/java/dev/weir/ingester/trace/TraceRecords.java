package dev.weir.ingester.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Records of one tenant in the order they were read, with an index from trace id to the records
 * that hold its spans. Not thread-safe: whoever appends guards it; complete, it may be shared.
 */
public final class TraceRecords {
  /** What the index costs per trace and record, about, in bytes of heap. */
  private static final int INDEX_ENTRY_BYTES = 96;

  private final List<byte[]> records = new ArrayList<>();
  private final SortedMap<TraceId, Postings> recordsByTrace = new TreeMap<>();
  private long newestTimeMillis = Long.MIN_VALUE;
  private long bytes;

  /**
   * Adds a record behind the others.
   *
   * @param timeMillis the record's time in Kafka
   * @return the heap that it takes here, about, in bytes
   */
  public long append(ScannedTraces record, long timeMillis) {
    int number = records.size();
    records.add(record.bytes());
    record
        .ids()
        .forEach(id -> recordsByTrace.computeIfAbsent(id, any -> new Postings()).add(number));
    newestTimeMillis = Math.max(newestTimeMillis, timeMillis);
    bytes += record.bytes().length;
    return record.bytes().length + (long) INDEX_ENTRY_BYTES * record.ids().size();
  }

  /** The records that hold spans of a trace, in the order they were read. */
  public List<byte[]> find(TraceId id) {
    Postings postings = recordsByTrace.get(id);
    return postings == null
        ? List.of()
        : Arrays.stream(postings.numbers()).mapToObj(records::get).toList();
  }

  /** All records, each a {@code TracesData}. */
  public List<byte[]> records() {
    return Collections.unmodifiableList(records);
  }

  /** Tells every trace in the order of ids, with the ascending numbers of its records. */
  public void forEachTrace(BiConsumer<TraceId, int[]> action) {
    recordsByTrace.forEach((id, postings) -> action.accept(id, postings.numbers()));
  }

  /** How many traces there are. */
  public int traces() {
    return recordsByTrace.size();
  }

  /** Bytes of the records alone. */
  public long bytes() {
    return bytes;
  }

  /** The latest time of a record, Unix milliseconds; {@link Long#MIN_VALUE} if there is none. */
  public long newestTimeMillis() {
    return newestTimeMillis;
  }

  /** A growing list of ascending record numbers; most traces have one. */
  private static final class Postings {
    private int[] numbers = new int[1];
    private int size;

    void add(int number) {
      if (size == numbers.length) {
        numbers = Arrays.copyOf(numbers, size * 2);
      }
      numbers[size++] = number;
    }

    int[] numbers() {
      return Arrays.copyOf(numbers, size);
    }
  }
}
