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

  private final Scenario scenario;
  private final boolean fine;
  private Map<String, BigInteger> all = new HashMap<>();
  private long since;
  private boolean begun;
  private long resetWindow = -1;
  private int schema;

  PlainNative(Scenario scenario, boolean fine) {
    this.scenario = scenario;
    this.fine = fine;
  }

  /** What the metric of an observation's bucket is called behind its name. */
  static String bucket(double seconds, Scenario scenario) {
    return "native "
        + (seconds == 0 ? ZERO : Long.toString(index(seconds, scenario.natives().schema())));
  }

  private static long index(double seconds, int schema) {
    return (long) Math.ceil(Math.log(seconds) / Math.log(2) * Math.pow(2, schema) - 1e-9);
  }

  void grow(long window, Map<String, BigInteger> amounts) {
    long reset = scenario.natives().minReset().toMillis();
    boolean mayReset = begun && (window - since) * scenario.window().toMillis() >= reset;
    if (mayReset && (schema < scenario.natives().schema() || sum(amounts).buckets() > max())) {
      all = new HashMap<>();
      begun = false;
      resetWindow = window;
    }
    if (!begun) {
      since = window;
      schema = scenario.natives().schema();
      begun = true;
    }
    PlainNative sum = sum(amounts);
    while (sum.buckets() > max() && sum.schema > -4) {
      sum = sum.halved();
    }
    all = sum.all;
    schema = sum.schema;
  }

  private int max() {
    return scenario.natives().maxBuckets();
  }

  private long buckets() {
    return all.keySet().stream().filter(key -> !key.equals(ZERO) && !key.equals(SUM)).count();
  }

  private PlainNative sum(Map<String, BigInteger> amounts) {
    PlainNative grown = new PlainNative(scenario, fine);
    grown.all = amounts;
    grown.schema = scenario.natives().schema();
    while (grown.schema > schema) {
      grown = grown.halved();
    }
    PlainNative sum = new PlainNative(scenario, fine);
    sum.schema = schema;
    sum.all = new HashMap<>(all);
    grown.all.forEach((key, amount) -> sum.all.merge(key, amount, BigInteger::add));
    return sum;
  }

  private PlainNative halved() {
    PlainNative halved = new PlainNative(scenario, fine);
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
  Samples.Value empty(long startMillis) {
    return value(0, schema, startMillis, new TreeMap<>(), 0, 0, false);
  }

  Samples.Value sample(long window, boolean isStale) {
    long start = since * scenario.window().toMillis();
    if (isStale) {
      return value(STALE, schema, start, new TreeMap<>(), 0, 0, false);
    }
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
        schema,
        start,
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
      int ofSchema,
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
                ofSchema,
                fine ? "floats" : "integers",
                zero,
                buckets,
                count,
                isReset ? "YES" : "UNSPECIFIED"));
  }
}
