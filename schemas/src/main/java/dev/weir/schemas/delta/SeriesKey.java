package dev.weir.schemas.delta;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import java.util.Arrays;

/**
 * Names one label set of one tenant and metric group, everywhere and for ever: by its hash it
 * belongs to a shard, and by its bytes it stands in the shard's store.
 *
 * <p>Layout: tenant behind its length; 64-bit XXH3 hash of (tenant behind its length, group,
 * labels), most significant byte first; the group's number; the labels. A label set is a sequence
 * of names and values, each behind its length, ordered by the bytes of the name, without empty
 * values. So a scan meets the tenants one after the other, and each tenant's label sets in the
 * order of their hash, which is the same whoever wrote them and whenever.
 *
 * <p>A shard keeps {@link #overflow} label sets of its own beside those. They have all bits of the
 * hash set, and the highest bit of the group's number: a scan meets them after everything else of
 * the tenant.
 *
 * <p>Immutable as long as nobody writes to its bytes.
 */
public final class SeriesKey {
  private static final Hasher64 XXH3 = Hashing.xxh3_64();
  private static final int OVERFLOW = 0x80;

  private final byte[] bytes;

  /** The key with these bytes, which are kept, not copied. */
  public SeriesKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The layout above. */
  public byte[] bytes() {
    return bytes;
  }

  /** Makes the key of a label set. {@code scratch} is overwritten. */
  public static SeriesKey of(
      byte[] tenant, MetricGroup group, byte[] labels, int offset, int length, ByteWriter scratch) {
    long hash = hash(tenant, group, labels, offset, length, scratch);
    scratch.truncate(0).prefixed(tenant).fixed64(hash).u8(group.code()).raw(labels, offset, length);
    return new SeriesKey(scratch.toByteArray());
  }

  /** Makes the key of a label set that a shard folds others into; it belongs to no hash. */
  public static SeriesKey overflow(byte[] tenant, MetricGroup group, byte[] labels) {
    return new SeriesKey(
        new ByteWriter(64)
            .prefixed(tenant)
            .fixed64(-1)
            .u8(group.code() | OVERFLOW)
            .raw(labels, 0, labels.length)
            .toByteArray());
  }

  /** The hash in the key. {@code scratch} is overwritten. */
  public static long hash(
      byte[] tenant, MetricGroup group, byte[] labels, int offset, int length, ByteWriter scratch) {
    scratch.truncate(0).prefixed(tenant).u8(group.code()).raw(labels, offset, length);
    return XXH3.hashBytesToLong(scratch.bytes(), 0, scratch.length());
  }

  /** The shard of a hash, from 0 to {@code shards - 1}. */
  public static int shard(long hash, int shards) {
    // the upper 64 bits of an unsigned product; Math.multiplyHigh is signed
    return (int) (Math.multiplyHigh(hash, shards) + (hash >> 63 & shards));
  }

  /** The tenant, UTF-8. */
  public byte[] tenant() {
    return new ByteReader().reset(bytes).prefixed();
  }

  /** The hash in the key. */
  public long hash() {
    return new ByteReader().reset(bytes, labelsOffset() - 9, 8).fixed64();
  }

  /** The metric group. */
  public MetricGroup group() {
    return MetricGroup.of(bytes[labelsOffset() - 1] & ~OVERFLOW & 0xFF);
  }

  /** Whether it is one of {@link #overflow}. */
  public boolean isOverflow() {
    return (bytes[labelsOffset() - 1] & OVERFLOW) != 0;
  }

  /** Where in {@link #bytes} the labels begin; they go to its end. */
  public int labelsOffset() {
    ByteReader reader = new ByteReader().reset(bytes);
    int tenantLength = reader.uvarint31();
    return reader.position() + tenantLength + 9;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SeriesKey key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
