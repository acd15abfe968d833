package dev.weir.streams.merge;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.streams.series.BucketLayout;
import dev.weir.streams.series.HistogramBounds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The bucket layouts that a shard's states refer to by number. Only ever grows. Not thread-safe.
 *
 * <p>Layout: how many; for each the number of bounds, their bits (8 bytes each), and for each
 * bucket, the one without bound included, the window since when it counts.
 */
final class Layouts {
  private final List<BucketLayout> byNumber = new ArrayList<>();
  private final Map<BucketLayout, Integer> numbers = new HashMap<>();

  BucketLayout of(int number) {
    return byNumber.get(number);
  }

  /** The number of a layout, which is a new one if need be. */
  int numberOf(BucketLayout layout) {
    Integer known = numbers.get(layout);
    return known != null ? known : append(layout);
  }

  /** Gives a layout the next number, even if it has one. */
  int append(BucketLayout layout) {
    byNumber.add(layout);
    numbers.putIfAbsent(layout, byNumber.size() - 1);
    return byNumber.size() - 1;
  }

  void write(ByteWriter writer) {
    writer.uvarint(byNumber.size());
    for (BucketLayout layout : byNumber) {
      List<Double> bounds = layout.bounds().seconds();
      writer.uvarint(bounds.size());
      bounds.forEach(bound -> writer.fixed64(Double.doubleToLongBits(bound)));
      for (int bucket = 0; bucket < layout.bounds().buckets(); bucket++) {
        writer.uvarint(layout.since(bucket));
      }
    }
  }

  void read(ByteReader reader) {
    int count = reader.uvarint31();
    for (int i = 0; i < count; i++) {
      HistogramBounds bounds = readBounds(reader);
      List<Long> since = new ArrayList<>();
      for (int bucket = 0; bucket < bounds.buckets(); bucket++) {
        since.add(reader.uvarint());
      }
      append(BucketLayout.of(bounds, since));
    }
  }

  static HistogramBounds readBounds(ByteReader reader) {
    int count = reader.uvarint31();
    List<Double> bounds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      bounds.add(Double.longBitsToDouble(reader.fixed64()));
    }
    return new HistogramBounds(bounds);
  }
}
