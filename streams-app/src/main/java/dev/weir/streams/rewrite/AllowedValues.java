package dev.weir.streams.rewrite;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The values that a label keeps which has too many: those that were there first. They are kept as
 * 64-bit XXH3 hashes, so that a version stays small whatever the values are. Immutable.
 */
public final class AllowedValues {
  private static final Hasher64 XXH3 = Hashing.xxh3_64();

  /** No value. */
  static final AllowedValues NONE = of(LongStream.empty());

  /** In ascending order. */
  private final long[] hashes;

  private AllowedValues(long[] hashes) {
    this.hashes = hashes;
  }

  /**
   * @param hashes of the values, in any order
   */
  static AllowedValues of(LongStream hashes) {
    return new AllowedValues(hashes.sorted().distinct().toArray());
  }

  /** Those that are not among others. */
  AllowedValues minus(AllowedValues others) {
    return of(LongStream.of(hashes).filter(hash -> !others.has(hash)));
  }

  /** These and others. */
  AllowedValues plus(AllowedValues others) {
    return of(LongStream.concat(LongStream.of(hashes), LongStream.of(others.hashes)));
  }

  /** How many there are. */
  public int size() {
    return hashes.length;
  }

  /** The hash of a value. */
  static long hash(byte[] value, int offset, int length) {
    return XXH3.hashBytesToLong(value, offset, length);
  }

  /** Whether a value with this hash is among them. */
  boolean has(long hash) {
    return Arrays.binarySearch(hashes, hash) >= 0;
  }

  /** In ascending order. */
  long[] hashes() {
    return hashes.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AllowedValues values && Arrays.equals(hashes, values.hashes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hashes);
  }

  @Override
  public String toString() {
    return hashes.length + " values";
  }
}
