package dev.weir.schemas.delta;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A vector of unsigned 128-bit integers: what a label set's metrics amount to. Integers, because
 * what is added up must not depend on the order.
 *
 * <p>Layout: the number of entries that are not 0, then for each its distance to the one before
 * (the first: its index) and its value, all {@code uvarint}s. Not thread-safe.
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

  /** Adds an unsigned 128-bit amount to one entry. */
  public void add(int index, long amountHigh, long amountLow) {
    long sum = low[index] + amountLow;
    high[index] += amountHigh + (Long.compareUnsigned(sum, amountLow) < 0 ? 1 : 0);
    low[index] = sum;
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

  /** Subtracts one entry of another vector from one of this, modulo 2¹²⁸. */
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

  /** An entry as it is. */
  public BigInteger exact(int index) {
    return new BigInteger(Long.toUnsignedString(high[index]))
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
