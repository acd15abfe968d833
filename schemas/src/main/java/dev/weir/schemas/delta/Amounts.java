package dev.weir.schemas.delta;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A vector of 128-bit integers: what a label set's metrics amount to. Integers, because what is
 * added up must not depend on the order. One that would grow beyond 2¹²⁷ - 1 stays there, which
 * does not depend on it either. What is counted is never negative; a bucket as the difference from
 * the one before may be, after the buckets were changed.
 *
 * <p>Layout: the number of entries that are not 0, then for each its distance to the one before
 * (the first: its index) and its value in two's complement, all {@code uvarint}s. Not thread-safe.
 */
public final class Amounts {
  private final long[] low;
  private final long[] high;

  /**
   * @param length number of entries, all 0
   */
  public Amounts(int length) {
    this.low = new long[length];
    this.high = new long[length];
  }

  /** Number of entries. */
  public int length() {
    return low.length;
  }

  /** Makes all entries 0. */
  public void clear() {
    Arrays.fill(low, 0);
    Arrays.fill(high, 0);
  }

  /** Adds a 128-bit amount to one entry. */
  public void add(int index, long amountHigh, long amountLow) {
    long sum = low[index] + amountLow;
    long carry = Long.compareUnsigned(sum, amountLow) < 0 ? 1 : 0;
    long upper = high[index] + amountHigh + carry;
    boolean isTooLarge = high[index] >= 0 && amountHigh >= 0 && upper < 0;
    set(index, isTooLarge, upper, sum);
  }

  private void set(int index, boolean isTooLarge, long upper, long lower) {
    high[index] = isTooLarge ? Long.MAX_VALUE : upper;
    low[index] = isTooLarge ? -1 : lower;
  }

  /** Adds the product of an unsigned 64-bit factor and an amount of 0 or more to one entry. */
  public void addProduct(int index, long factor, long amountHigh, long amountLow) {
    long upper = factor * amountHigh;
    long carried = unsignedMultiplyHigh(factor, amountLow);
    boolean isTooLarge =
        unsignedMultiplyHigh(factor, amountHigh) != 0
            || Long.compareUnsigned(upper + carried, carried) < 0
            || upper + carried < 0;
    if (isTooLarge) {
      add(index, Long.MAX_VALUE, -1);
    } else {
      add(index, upper + carried, factor * amountLow);
    }
  }

  private static long unsignedMultiplyHigh(long a, long b) {
    return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
  }

  /**
   * Multiplies all entries by a power of 2.
   *
   * @param bits from 1 to 63
   */
  public void shiftLeft(int bits) {
    for (int i = 0; i < low.length; i++) {
      boolean isTooLarge = high[i] >= 0 && high[i] >>> (63 - bits) != 0;
      set(i, isTooLarge, high[i] << bits | low[i] >>> (64 - bits), low[i] << bits);
    }
  }

  /** Adds another vector of the same length. */
  public void add(Amounts other) {
    for (int i = 0; i < low.length; i++) {
      add(i, other.high[i], other.low[i]);
    }
  }

  /** Adds one entry of another vector to one of this. */
  public void addEntry(int index, Amounts other, int otherIndex) {
    add(index, other.high[otherIndex], other.low[otherIndex]);
  }

  /** A longer vector with the same entries in front. */
  Amounts copyOf(int length) {
    Amounts copy = new Amounts(length);
    System.arraycopy(low, 0, copy.low, 0, low.length);
    System.arraycopy(high, 0, copy.high, 0, high.length);
    return copy;
  }

  /** Moves the entries before {@code end} up by one, and makes the one at {@code index} 0. */
  void insert(int index, int end) {
    System.arraycopy(low, index, low, index + 1, end - index);
    System.arraycopy(high, index, high, index + 1, end - index);
    low[index] = 0;
    high[index] = 0;
  }

  /** Writes one entry as {@code uvarint}. */
  void writeEntry(int index, ByteWriter writer) {
    writer.uvarint128(high[index], low[index]);
  }

  /** Subtracts one entry of another vector from one of this; the difference may be negative. */
  public void subtractEntry(int index, Amounts other, int otherIndex) {
    long subtrahend = other.low[otherIndex];
    high[index] -=
        other.high[otherIndex] + (Long.compareUnsigned(low[index], subtrahend) < 0 ? 1 : 0);
    low[index] -= subtrahend;
  }

  /** Whether an entry is 0. */
  public boolean isZero(int index) {
    return low[index] == 0 && high[index] == 0;
  }

  /** An entry as the nearest double. */
  public double asDouble(int index) {
    long lowHalf = low[index];
    return high[index] == 0 && lowHalf >= 0 ? (double) lowHalf : exact(index).doubleValue();
  }

  /** The lower 64 bits of an entry: the whole of it, if it only counts. */
  public long lowHalf(int index) {
    return low[index];
  }

  /** An entry as it is. */
  public BigInteger exact(int index) {
    return BigInteger.valueOf(high[index])
        .shiftLeft(64)
        .add(new BigInteger(Long.toUnsignedString(low[index])));
  }

  /** Writes the layout above. */
  public void write(ByteWriter writer) {
    int nonZero = 0;
    for (int i = 0; i < low.length; i++) {
      nonZero += isZero(i) ? 0 : 1;
    }
    writer.uvarint(nonZero);
    int previous = 0;
    for (int i = 0; i < low.length; i++) {
      if (!isZero(i)) {
        writer.uvarint(i - previous).uvarint128(high[i], low[i]);
        previous = i;
      }
    }
  }

  /** Reads the layout above and adds what it holds. */
  public void addFrom(ByteReader reader) {
    int nonZero = reader.uvarint31();
    int index = 0;
    for (int i = 0; i < nonZero; i++) {
      index += reader.uvarint31();
      if (index < 0 || index >= low.length) {
        throw new CorruptLayoutException("entry " + index + " of a vector of " + low.length);
      }
      long amountLow = reader.uvarint128();
      add(index, reader.high(), amountLow);
    }
  }
}
