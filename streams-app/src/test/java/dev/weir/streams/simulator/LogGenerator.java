package dev.weir.streams.simulator;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.weir.schemas.topic.SpanCodec;
import dev.weir.streams.aggregate.RecordTime;
import dev.weir.streams.simulator.SpanLog.LogRecord;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Makes up a log: partitions of very different speed, records that go back in time by up to the
 * bound and now and then further, idle marks, empty and broken records, and traces whose halves are
 * up to longer than the wait apart. Where the time is the producers', single records lie by hours
 * and years, and crowds agree on a time far ahead, or almost. Some partitions are added later,
 * others are given up for a while. It ends with marks, so that everything becomes complete.
 */
final class LogGenerator {
  /** The time of the earliest records. */
  static final long BASE_MILLIS = 1_700_000_000_000L;

  private static final List<String> TENANTS =
      List.of("acme", "a", "b", "tenant-ü", "t".repeat(130));
  private static final int PUSH_BYTES_TRACE = 2;
  private static final int PUSH_BYTES_ID = 3;
  private static final int PUSH_BYTES_SKIP_METRICS = 5;

  private final RandomGenerator random;
  private final RandomGenerator faults;
  private final boolean isProducers;
  private final long windowMillis;
  private final long boundMillis;
  private final long waitMillis;
  private final SpanCodec codec;
  private final TraceGenerator traces;
  private final List<String> tenants;
  private long lastMillis = BASE_MILLIS;

  /**
   * @param faults decides on lies, growth and giving up
   * @param scattered whether spans of a trace may be in several partitions
   */
  LogGenerator(
      RandomGenerator random,
      RandomGenerator faults,
      Duration window,
      RecordTime time,
      Duration wait,
      boolean scattered) {
    this.random = random;
    this.faults = faults;
    this.isProducers = time.isProducers();
    this.windowMillis = window.toMillis();
    this.boundMillis = time.bound().toMillis();
    this.waitMillis = wait.toMillis();
    this.codec = random.nextBoolean() ? SpanCodec.OTLP : SpanCodec.PUSH_BYTES;
    this.traces = new TraceGenerator(random, scattered);
    this.tenants = TENANTS.subList(0, random.nextInt(1, TENANTS.size() + 1));
  }

  /** One of the tenants that there may be. */
  static String tenant(RandomGenerator random) {
    return TENANTS.get(random.nextInt(TENANTS.size()));
  }

  SpanLog log() {
    List<List<LogRecord>> partitions = new ArrayList<>();
    int count = random.nextInt(1, 9);
    for (int partition = 0; partition < count; partition++) {
      partitions.add(isProducers ? withLies(partition()) : partition());
    }
    int atFirst = count > 1 && faults.nextInt(3) == 0 ? faults.nextInt(1, count) : count;
    if (atFirst < count) {
      grow(partitions, atFirst);
    }
    if (faults.nextInt(4) == 0) {
      giveUp(partitions.get(faults.nextInt(count)));
    }
    long end =
        lastMillis + boundMillis + random.nextLong(waitMillis + 1) + windows(random.nextInt(1, 9));
    partitions.forEach(records -> records.add(mark(end + random.nextLong(windowMillis))));
    if (isProducers) { // what has had no time until now must not be the last
      partitions.forEach(records -> records.add(mark(end + windows(2))));
    }
    return new SpanLog(codec, partitions, atFirst);
  }

  /** Everything in the new partitions is later than the marks in the old ones. */
  private static void grow(List<List<LogRecord>> partitions, int atFirst) {
    int count = partitions.size();
    long growth =
        partitions.subList(atFirst, count).stream()
            .flatMap(List::stream)
            .mapToLong(LogRecord::timestampMillis)
            .filter(millis -> millis >= BASE_MILLIS) // the others are lies
            .min()
            .orElse(BASE_MILLIS);
    LogRecord mark = new LogRecord("", ByteString.EMPTY, growth, true, count, false);
    for (List<LogRecord> old : partitions.subList(0, atFirst)) {
      int later = 0;
      while (later < old.size() && old.get(later).timestampMillis() <= growth) {
        later++;
      }
      old.add(later, mark);
    }
    partitions.subList(atFirst, count).forEach(records -> records.add(0, mark));
  }

  private void giveUp(List<LogRecord> records) {
    long millis = BASE_MILLIS + faults.nextLong(lastMillis - BASE_MILLIS + windows(2));
    records.add(
        faults.nextInt(records.size() + 1),
        new LogRecord("", ByteString.EMPTY, millis, false, 0, true));
  }

  private List<LogRecord> withLies(List<LogRecord> records) {
    List<LogRecord> all = new ArrayList<>();
    for (LogRecord record : records) {
      switch (record.isMark() ? 9 : faults.nextInt(10)) {
        case 0 -> all.add(at(record, record.timestampMillis() + windows(1 << faults.nextInt(24))));
        case 1 -> crowd(all, record);
        case 2 -> all.add(at(record, faults.nextInt(4) * windowMillis / 2));
        default -> all.add(record);
      }
    }
    return all;
  }

  /** Nearly or just as many as it takes to be believed, with times that mostly agree. */
  private void crowd(List<LogRecord> all, LogRecord record) {
    long millis = record.timestampMillis() + faults.nextLong(120_000);
    int count = faults.nextInt(29, 36);
    int apart = faults.nextInt(4) == 0 ? 70_000 : 60_000;
    for (int i = 0; i < count; i++) {
      long time = millis + faults.nextLong(apart + 1);
      all.add(i > 28 ? at(record, time) : new LogRecord("", ByteString.EMPTY, time, false));
      lastMillis = Math.max(lastMillis, time);
    }
  }

  private static LogRecord at(LogRecord record, long millis) {
    return new LogRecord(record.tenant(), record.value(), millis, record.isMark());
  }

  private List<LogRecord> partition() {
    List<LogRecord> records = new ArrayList<>();
    long millis = BASE_MILLIS + random.nextLong(windows(3));
    long speed = 1L << random.nextInt(5);
    traces.beginPartition();
    int count = random.nextInt(1, 13);
    for (int i = 0; i < count; i++) {
      millis = Math.max(BASE_MILLIS, millis + step(speed));
      lastMillis = Math.max(lastMillis, millis);
      records.add(record(millis, i));
    }
    return records;
  }

  private long step(long speed) {
    return switch (random.nextInt(12)) {
      case 0 -> -random.nextLong(boundMillis + 1);
      case 1 -> -random.nextLong(2 * boundMillis);
      case 2 -> random.nextLong(windows(2));
      case 3 -> random.nextInt(4) == 0 ? random.nextLong(windows(8)) : boundMillis;
      case 4 -> random.nextInt(3) * waitMillis / 2;
      default -> random.nextLong(windowMillis) * speed / 16;
    };
  }

  private long windows(int count) {
    return count * windowMillis;
  }

  private LogRecord record(long millis, int index) {
    String tenant = tenants.get(random.nextInt(tenants.size()));
    return switch (random.nextInt(16)) {
      case 0 -> mark(millis);
      case 1 -> new LogRecord(tenant, ByteString.EMPTY, millis, false);
      case 2 -> new LogRecord("", value(traces.next(tenant, index)), millis, false);
      case 3 -> new LogRecord(tenant, truncated(value(traces.next(tenant, index))), millis, false);
      default -> new LogRecord(tenant, value(traces.next(tenant, index)), millis, false);
    };
  }

  private static LogRecord mark(long millis) {
    return new LogRecord("", ByteString.EMPTY, millis, true);
  }

  private ByteString truncated(ByteString value) {
    return value.substring(0, random.nextInt(value.size() + 1));
  }

  private ByteString value(List<TraceGenerator.Placed> spans) {
    return codec == SpanCodec.OTLP
        ? TraceGenerator.spoiled(tracesData(spans))
        : TraceGenerator.spoiled(pushBytes(spans));
  }

  private ByteString tracesData(List<TraceGenerator.Placed> spans) {
    TracesData.Builder data = TracesData.newBuilder();
    Iterator<TraceGenerator.Placed> rest = spans.iterator();
    while (rest.hasNext()) {
      TraceGenerator.Placed first = rest.next();
      ResourceSpans.Builder of = data.addResourceSpansBuilder().setResource(first.resource());
      ScopeSpans.Builder scope = of.addScopeSpansBuilder().addSpans(first.span());
      spans.stream()
          .filter(span -> !span.equals(first) && span.resource().equals(first.resource()))
          .filter(span -> random.nextInt(3) > 0)
          .forEach(span -> scope.addSpans(span.span())); // some occur again as duplicates
    }
    if (random.nextInt(8) == 0) {
      data.addResourceSpansBuilder().addScopeSpansBuilder();
    }
    return data.build().toByteString();
  }

  private ByteString pushBytes(List<TraceGenerator.Placed> spans) {
    UnknownFieldSet.Field.Builder bodies = UnknownFieldSet.Field.newBuilder();
    UnknownFieldSet.Field.Builder ids = UnknownFieldSet.Field.newBuilder();
    int half = spans.size() / 2;
    for (List<TraceGenerator.Placed> part :
        List.of(spans.subList(0, half), spans.subList(half, spans.size()))) {
      bodies.addLengthDelimited(tracesData(part));
      ids.addLengthDelimited(ByteString.copyFromUtf8("id"));
    }
    UnknownFieldSet.Builder request =
        UnknownFieldSet.newBuilder()
            .addField(PUSH_BYTES_TRACE, bodies.build())
            .addField(PUSH_BYTES_ID, ids.build());
    if (random.nextInt(10) == 0) {
      request.mergeVarintField(PUSH_BYTES_SKIP_METRICS, random.nextInt(2));
    }
    return request.build().toByteString();
  }
}
