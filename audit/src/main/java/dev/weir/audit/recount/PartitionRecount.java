package dev.weir.audit.recount;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.audit.books.Counts;
import dev.weir.audit.books.PartitionBooks;
import dev.weir.audit.recount.PartitionTime.Place;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts the records of one partition again, in order, into its books. Not thread-safe. */
public final class PartitionRecount {
  private final RecountSettings settings;
  private final SpanCounter counter;
  private final PartitionBooks books;
  private final SortedMap<Long, Long> countedByWindow = new TreeMap<>();
  private final PartitionTime time;
  private final Deque<LoggedDecision> decisions;
  private long firstMillis = -1;
  private long withoutSpans;

  /**
   * @param decisions what was decided about the partition, in order
   */
  public PartitionRecount(
      RecountSettings settings, PartitionBooks books, List<LoggedDecision> decisions) {
    this.settings = settings;
    this.time = new PartitionTime(settings.window(), settings.bound(), settings.producersTime());
    this.decisions = new ArrayDeque<>(decisions);
    this.counter = new SpanCounter(settings.codec(), settings.labels());
    this.books = books;
  }

  /** The next record of the partition. */
  public void accept(LogRecord record) {
    decidedBefore(record.offset());
    if (record.timestampMillis() < 0) {
      books.deadLetters().poison(record.offset());
      return;
    }
    firstMillis = firstMillis < 0 ? record.timestampMillis() : firstMillis;
    if (record.idleMark()) {
      time.passed(record.timestampMillis());
      withoutSpans++;
      return;
    }
    Place place = time.record(record.timestampMillis());
    if (record.value().isEmpty()) {
      withoutSpans++;
    } else {
      count(record, place);
    }
  }

  /**
   * What was decided before the record at that offset was read, or, at the end, would have been.
   */
  public void decidedBefore(long offset) {
    while (!decisions.isEmpty() && decisions.peek().beforeOffset() <= offset) {
      LoggedDecision decision = decisions.remove();
      if (decision.givesUp()) {
        time.givenUp(decision.millis());
      } else if (decision.millis() > time.nowMillis()) {
        time.passed(decision.millis());
      }
    }
  }

  private void count(LogRecord record, Place place) {
    Optional<SpanCounts> spans = spans(record);
    if (spans.isEmpty()) {
      books.deadLetters().poison(record.offset());
      return;
    }
    Counts counts = counts(spans.get(), place);
    countedByWindow.merge(
        time.window(record.timestampMillis(), place), counts.counted(), Long::sum);
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

  private Counts counts(SpanCounts spans, Place place) {
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
        place == Place.OLDEST_OPEN ? spans.spans() : 0,
        place == Place.CURRENT ? spans.spans() : 0,
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
    return time.openFrom();
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
