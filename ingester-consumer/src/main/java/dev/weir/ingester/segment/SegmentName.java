package dev.weir.ingester.segment;

import dev.weir.ingester.backend.ObjectKey;
import dev.weir.ingester.tenant.TenantId;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a segment holds, as its key in the backend says: {@code <tenant>/<partition>-<first
 * offset>-<last offset>-<newest time>.segment}, numbers in decimal with leading zeros. The same
 * records give the same name.
 *
 * @param tenant whose records
 * @param partition of the topic of spans
 * @param firstOffset of the range, inclusive
 * @param lastOffset of the range, inclusive
 * @param newestTimeMillis the latest record time in it, Unix milliseconds, not negative
 */
public record SegmentName(
    TenantId tenant, int partition, long firstOffset, long lastOffset, long newestTimeMillis)
    implements Comparable<SegmentName> {
  private static final Pattern FORM =
      Pattern.compile("([^/]+)/(\\d{5,9})-(\\d{19})-(\\d{19})-(\\d{13,15})\\.segment");
  private static final Comparator<SegmentName> ORDER =
      Comparator.comparing((SegmentName name) -> name.tenant().value())
          .thenComparingInt(SegmentName::partition)
          .thenComparingLong(SegmentName::firstOffset)
          .thenComparingLong(SegmentName::lastOffset)
          .thenComparingLong(SegmentName::newestTimeMillis);

  public SegmentName {
    if (partition < 0 || firstOffset < 0 || lastOffset < firstOffset || newestTimeMillis < 0) {
      throw new IllegalArgumentException(
          "partition %d, offsets %d to %d, newest time %d are no segment"
              .formatted(partition, firstOffset, lastOffset, newestTimeMillis));
    }
  }

  /** The segment that an object is, or nothing if the object is something else. */
  public static Optional<SegmentName> parse(ObjectKey key) {
    Matcher form = FORM.matcher(key.value());
    if (!form.matches()) {
      return Optional.empty();
    }
    try {
      return TenantId.parse(form.group(1))
          .map(
              tenant ->
                  new SegmentName(
                      tenant,
                      Integer.parseInt(form.group(2)),
                      Long.parseLong(form.group(3)),
                      Long.parseLong(form.group(4)),
                      Long.parseLong(form.group(5))));
    } catch (IllegalArgumentException e) { // numbers that do not fit together
      return Optional.empty();
    }
  }

  /** Its key in the backend. */
  public ObjectKey key() {
    return new ObjectKey(
        "%s/%05d-%019d-%019d-%013d.segment"
            .formatted(tenant.value(), partition, firstOffset, lastOffset, newestTimeMillis));
  }

  /** By tenant, partition, offsets. */
  @Override
  public int compareTo(SegmentName other) {
    return ORDER.compare(this, other);
  }
}
