package dev.weir.streams.simulator;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** A native histogram, by logarithms and big integers; amounts are in units of 2⁻²⁰. */
final class PlainNative {
  private static final long STALE = 0x7FF0000000000002L;
  private static final String ZERO = "zero";
  private static final String SUM = "sum";
  private static final BigInteger LARGEST = BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE);

  private Map<String, BigInteger> all = new HashMap<>();
  private long since;
  private boolean begun;
  private long resetWindow = -1;
  private int schema;

  /** What the metric of an observation's bucket is called behind its name. */
  static String bucket(double seconds, Scenario scenario) {
    return "native "
        + (seconds == 0 ? ZERO : Long.toString(index(seconds, scenario.natives().schema())));
  }

  private static long index(double seconds, int schema) {
    return (long) Math.ceil(Math.log(seconds) / Math.log(2) * Math.pow(2, schema) - 1e-9);
  }

  /** Grows in a window under the settings that are in force then. */
  void grow(long window, Map<String, BigInteger> amounts, Scenario under) {
    int finest = under.natives().schema();
    int max = under.natives().maxBuckets();
    long reset = under.natives().minReset().toMillis();
    boolean mayReset = begun && (window - since) * under.window().toMillis() >= reset;
    if (mayReset && (schema < finest || sum(amounts, finest).buckets() > max)) {
      all = new HashMap<>();
      begun = false;
      resetWindow = window;
    }
    if (!begun) {
      since = window;
      schema = finest;
      begun = true;
    }
    PlainNative sum = sum(amounts, finest);
    while (sum.buckets() > max && sum.schema > -4) {
      sum = sum.halved();
    }
    all = sum.all;
    schema = sum.schema;
  }

  private long buckets() {
    return all.keySet().stream().filter(key -> !key.equals(ZERO) && !key.equals(SUM)).count();
  }

  private PlainNative sum(Map<String, BigInteger> amounts, int ofSchema) {
    PlainNative grown = new PlainNative();
    grown.all = amounts;
    grown.schema = ofSchema;
    while (grown.schema > schema) {
      grown = grown.halved();
    }
    PlainNative sum = new PlainNative();
    sum.schema = schema;
    sum.all = all;
    while (sum.schema > grown.schema) {
      sum = sum.halved();
    }
    Map<String, BigInteger> together = new HashMap<>(sum.all);
    grown.all.forEach((key, amount) -> together.merge(key, amount, BigInteger::add));
    sum.all = together;
    return sum;
  }

  private PlainNative halved() {
    PlainNative halved = new PlainNative();
    halved.schema = schema - 1;
    all.forEach(
        (key, amount) ->
            halved.all.merge(
                key.equals(ZERO) || key.equals(SUM)
                    ? key
                    : Long.toString(Math.floorDiv(Long.parseLong(key) + 1, 2)),
                amount,
                BigInteger::add));
    return halved;
  }

  /** At the begin of its first window, with the buckets that it has at that window's end. */
  Samples.Value empty(long startMillis, boolean isFine) {
    return value(0, isFine, startMillis, new TreeMap<>(), 0, 0, false);
  }

  /** Its end. */
  Samples.Value marker(long windowMillis, boolean isFine) {
    return value(STALE, isFine, since * windowMillis, new TreeMap<>(), 0, 0, false);
  }

  Samples.Value sample(long window, long windowMillis, boolean isFine) {
    TreeMap<Integer, Double> buckets = new TreeMap<>();
    BigInteger count = BigInteger.ZERO;
    for (Map.Entry<String, BigInteger> entry : all.entrySet()) {
      if (!entry.getKey().equals(SUM)) {
        count = count.add(entry.getValue());
      }
      if (!entry.getKey().equals(SUM) && !entry.getKey().equals(ZERO)) {
        buckets.put(Integer.parseInt(entry.getKey()), units(entry.getValue()));
      }
    }
    return value(
        Double.doubleToRawLongBits(units(all.getOrDefault(SUM, BigInteger.ZERO)) / 1e9),
        isFine,
        since * windowMillis,
        buckets,
        units(count),
        units(all.getOrDefault(ZERO, BigInteger.ZERO)),
        resetWindow == window);
  }

  private static double units(BigInteger amount) {
    return amount.min(LARGEST).doubleValue() * 0x1p-20;
  }

  private Samples.Value value(
      long sumBits,
      boolean isFine,
      long start,
      Map<Integer, Double> buckets,
      double count,
      double zero,
      boolean isReset) {
    return new Samples.Value(
        sumBits,
        start,
        "METRIC_TYPE_HISTOGRAM",
        "schema %d, %s, %s of 0, %s of %s, RESET_HINT_%s"
            .formatted(
                schema,
                isFine ? "floats" : "integers",
                zero,
                buckets,
                count,
                isReset ? "YES" : "UNSPECIFIED"));
  }
}
