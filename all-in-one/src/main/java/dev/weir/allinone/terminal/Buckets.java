package dev.weir.allinone.terminal;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A classic histogram: how many observations are at most as large as each bound. */
final class Buckets {
  private final NavigableMap<Double, Double> cumulative = new TreeMap<>();

  /** Adds to the count of a bound, {@code +Inf} among them. */
  void add(String bound, double count) {
    cumulative.merge(
        bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound),
        count,
        Double::sum);
  }

  /**
   * The value that a share of the observations do not exceed, interpolated within its bucket as
   * Prometheus does; NaN without observations.
   *
   * @param share 0 to 1
   */
  double quantile(double share) {
    double all = cumulative.isEmpty() ? 0 : cumulative.lastEntry().getValue();
    if (all == 0) {
      return Double.NaN;
    }
    double rank = share * all;
    double lowerBound = 0;
    double lowerCount = 0;
    for (Map.Entry<Double, Double> bucket : cumulative.entrySet()) {
      if (bucket.getValue() >= rank) {
        return within(lowerBound, lowerCount, bucket, rank);
      }
      lowerBound = bucket.getKey();
      lowerCount = bucket.getValue();
    }
    return lowerBound;
  }

  private static double within(
      double lowerBound, double lowerCount, Map.Entry<Double, Double> bucket, double rank) {
    double upperBound = bucket.getKey();
    double inBucket = bucket.getValue() - lowerCount;
    if (Double.isInfinite(upperBound) || inBucket == 0) {
      return lowerBound;
    }
    return lowerBound + (upperBound - lowerBound) * (rank - lowerCount) / inBucket;
  }
}
