package dev.weir.streams.golden;

import dev.weir.schemas.otlp.ShortestDecimal;
import dev.weir.schemas.remotewrite.v2.BucketSpan;
import dev.weir.schemas.remotewrite.v2.Histogram;
import java.util.ArrayList;
import java.util.List;

/**
 * A native histogram as text, such as {@code {sum:1.5,count:3,zero:1,schema:0,-1:1,2:1}}: what is
 * behind the schema are buckets by index.
 */
final class GoldenHistogram {
  private GoldenHistogram() {}

  static String text(Histogram histogram, boolean isStale) {
    List<String> parts = new ArrayList<>();
    if (histogram.hasCountFloat()) {
      parts.add("float");
    }
    if (histogram.getResetHint() == Histogram.ResetHint.RESET_HINT_YES) {
      parts.add("reset");
    }
    if (isStale) {
      parts.add("stale");
    } else {
      boolean isFloat = histogram.hasCountFloat();
      parts.add("sum:" + ShortestDecimal.of(histogram.getSum()));
      parts.add("count:" + (isFloat ? number(histogram.getCountFloat()) : histogram.getCountInt()));
      parts.add(
          "zero:"
              + (isFloat ? number(histogram.getZeroCountFloat()) : histogram.getZeroCountInt()));
      parts.add("schema:" + histogram.getSchema());
      addBuckets(histogram, parts);
    }
    return "{" + String.join(",", parts) + "}";
  }

  private static void addBuckets(Histogram histogram, List<String> parts) {
    int index = 0;
    int bucket = 0;
    long count = 0;
    for (BucketSpan span : histogram.getPositiveSpansList()) {
      index += span.getOffset();
      for (int i = 0; i < span.getLength(); i++) {
        if (histogram.hasCountFloat()) {
          parts.add(index++ + ":" + number(histogram.getPositiveCounts(bucket++)));
        } else {
          count += histogram.getPositiveDeltas(bucket++);
          parts.add(index++ + ":" + count);
        }
      }
    }
  }

  private static String number(double value) {
    return ShortestDecimal.of(value);
  }
}
