package dev.weir.streams.simulator;

import com.google.protobuf.ByteString;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** A span that may stand for a bucket. Ids are numbers; a span id of 0 is none. */
record PlainExemplar(BigInteger traceId, BigInteger spanId, BigInteger nanos, BigInteger end)
    implements Comparable<PlainExemplar> {

  private static final BigInteger NANOS_PER_MILLI = BigInteger.valueOf(1_000_000);

  static PlainExemplar of(ByteString traceId, ByteString spanId, BigInteger nanos, BigInteger end) {
    return new PlainExemplar(
        new BigInteger(1, traceId.toByteArray()),
        new BigInteger(1, spanId.toByteArray()),
        nanos,
        end);
  }

  private long hash() {
    long high = traceId.shiftRight(64).longValue();
    long mixed = (high + 31 * traceId.longValue() ^ spanId.longValue()) * 0x9E3779B97F4A7C15L;
    return mixed ^ mixed >>> 32;
  }

  @Override
  public int compareTo(PlainExemplar other) {
    return Comparator.comparingLong(PlainExemplar::hash)
        .thenComparing(e -> e.traceId.shiftRight(64).longValue())
        .thenComparing(e -> e.traceId.longValue())
        .thenComparing(e -> e.spanId.longValue())
        .thenComparing(e -> e.nanos.longValue())
        .thenComparing(PlainExemplar::endMillis)
        .compare(this, other);
  }

  private long endMillis() {
    return end.divide(NANOS_PER_MILLI).longValue();
  }

  long time(long startMillis, long endOfWindow) {
    return Math.max(startMillis + 1, Math.min(endOfWindow, endMillis()));
  }

  String text(long startMillis, long endOfWindow) {
    List<String> labels = new ArrayList<>(List.of("traceID", "%032x".formatted(traceId)));
    if (spanId.signum() != 0) {
      labels.addAll(List.of("span_id", "%016x".formatted(spanId)));
    }
    return "%s %s@%d".formatted(labels, nanos.doubleValue() / 1e9, time(startMillis, endOfWindow));
  }

  /** Those of a native histogram: at most 10, one for each time, in the order of their times. */
  static List<String> ofNative(Collection<PlainExemplar> all, long startMillis, long endOfWindow) {
    List<PlainExemplar> taken = new ArrayList<>();
    for (PlainExemplar next : all.stream().sorted().toList()) {
      long time = next.time(startMillis, endOfWindow);
      if (taken.size() < 10
          && taken.stream().noneMatch(one -> one.time(startMillis, endOfWindow) == time)) {
        taken.add(next);
      }
    }
    return taken.stream()
        .sorted(Comparator.comparingLong(one -> one.time(startMillis, endOfWindow)))
        .map(one -> one.text(startMillis, endOfWindow))
        .toList();
  }
}
