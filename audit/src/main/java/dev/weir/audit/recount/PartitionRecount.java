package dev.weir.audit.recount;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.audit.books.Counts;
import dev.weir.audit.books.PartitionBooks;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts the records of one partition again, in order, into its books. Not thread-safe. */
public final class PartitionRecount {
  private final RecountSettings settings;
  private final SpanCounter counter;
  private final PartitionBooks books;
  private final SortedMap<Long, Long> countedByWindow = new TreeMap<>();
  private long nowMillis;
  private long firstMillis = -1;
  private long withoutSpans;

  public PartitionRecount(RecountSettings settings, PartitionBooks books) {
    this.settings = settings;
    this.counter = new SpanCounter(settings.codec(), settings.labels());
    this.books = books;
  }

  /** The next record of the partition. */
  public void accept(LogRecord record) {
    if (record.timestampMillis() < 0) {
      books.deadLetters().poison(record.offset());
      return;
    }
    long openFrom = openFrom();
    long window = Math.floorDiv(record.timestampMillis(), settings.window().toMillis());
    nowMillis = Math.max(nowMillis, record.timestampMillis());
    firstMillis = firstMillis < 0 ? record.timestampMillis() : firstMillis;
    if (record.idleMark() || record.value().isEmpty()) {
      withoutSpans++;
    } else {
      count(record, Math.max(window, openFrom), window < openFrom);
    }
  }

  private void count(LogRecord record, long window, boolean isLate) {
    Optional<SpanCounts> spans = spans(record);
    if (spans.isEmpty()) {
      books.deadLetters().poison(record.offset());
      return;
    }
    Counts counts = counts(spans.get(), isLate);
    countedByWindow.merge(window, counts.counted(), Long::sum);
    books.recount(tenant(record), record.offset(), counts);
  }

  private String tenant(LogRecord record) {
    return settings.fixedTenant().orElse(record.key().toStringUtf8());
  }

  private Optional<SpanCounts> spans(LogRecord record) {
    if (settings.fixedTenant().isEmpty() && record.key().isEmpty()) {
      return Optional.empty();
    }
    try {
      SpanCounts spans = counter.count(record.value().toByteArray());
      boolean refusedWithReason =
          books.deadLetters().has(record.offset())
              && !counter.isSoundThroughout(record.value().toByteArray());
      return refusedWithReason ? Optional.empty() : Optional.of(spans);
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private Counts counts(SpanCounts spans, boolean isLate) {
    TreeMap<String, Long> discarded = new TreeMap<>();
    boolean takesPart = !spans.skipped();
    long invalid = takesPart && settings.spanMetrics() ? spans.invalidUtf8() : 0;
    long skipped = takesPart ? 0 : spans.spans();
    putIfAny(discarded, "invalid_utf8", invalid);
    putIfAny(discarded, "skip_flag", skipped);
    return new Counts(
        1,
        spans.spans(),
        spans.spans() - invalid - skipped,
        isLate ? spans.spans() : 0,
        takesPart && settings.serviceGraphs() ? spans.halfEdges() : 0,
        discarded);
  }

  private static void putIfAny(SortedMap<String, Long> discarded, String reason, long spans) {
    if (spans > 0) {
      discarded.put(reason, spans);
    }
  }

  /** The first window that the partition is not complete through. */
  public long openFrom() {
    long complete = nowMillis - settings.bound().toMillis();
    return Math.max(0, Math.floorDiv(complete, settings.window().toMillis()));
  }

  /** Time of the first record, Unix milliseconds; -1 if there was none. */
  public long firstMillis() {
    return firstMillis;
  }

  /** Records that only say that time has passed. */
  public long withoutSpans() {
    return withoutSpans;
  }

  /** Spans counted into each window. */
  public SortedMap<Long, Long> countedByWindow() {
    return Collections.unmodifiableSortedMap(countedByWindow);
  }
}
