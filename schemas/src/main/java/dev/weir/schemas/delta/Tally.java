package dev.weir.schemas.delta;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;

/**
 * What a label set's metrics amount to, or what they grew by: {@link Amounts} with their unit. The
 * unit is 1 unless something was added in units of 2⁻²⁰; from then on it is that, and what was
 * there before was converted, which loses nothing. So a tally does not depend on the order of what
 * was added.
 *
 * <p>Layout: {@link Amounts}. The flags, which say how to read it, stand apart: bit 0 for units of
 * 2⁻²⁰. Not thread-safe.
 */
public final class Tally {
  /** Flag: amounts are in units of 2⁻²⁰. */
  public static final int FINE = 1;

  /** How many binary digits there are behind the point if the unit is fine. */
  public static final int FINE_BITS = 20;

  private static final int KNOWN_FLAGS = FINE;
  private static final double FINE_UNIT = 1.0 / (1 << FINE_BITS);

  private final Amounts amounts;
  private boolean fine;

  /**
   * @param vectorLength how many amounts, all 0
   */
  public Tally(int vectorLength) {
    this.amounts = new Amounts(vectorLength);
  }

  /** The amounts, in this tally's unit. */
  public Amounts amounts() {
    return amounts;
  }

  /** Whether the unit is 2⁻²⁰. */
  public boolean isFine() {
    return fine;
  }

  /** What a whole number of units is. */
  public double inUnits(double units) {
    return fine ? units * FINE_UNIT : units;
  }

  /** What {@link #addFrom} must know to read what {@link #write} wrote. */
  public int flags() {
    return fine ? FINE : 0;
  }

  /** Makes all amounts 0; the unit stays, so that a series does not change its kind. */
  public void clear() {
    amounts.clear();
  }

  /** Adds another tally with as many amounts. */
  public void add(Tally other) {
    if (fine && !other.fine) {
      Amounts converted = new Amounts(amounts.length());
      converted.add(other.amounts);
      converted.shiftLeft(FINE_BITS);
      amounts.add(converted);
    } else {
      refineIf(other.fine);
      amounts.add(other.amounts);
    }
  }

  private void refineIf(boolean wanted) {
    if (wanted && !fine) {
      amounts.shiftLeft(FINE_BITS);
      fine = true;
    }
  }

  /** A tally of the same. */
  public Tally copy() {
    Tally copy = new Tally(amounts.length());
    copy.add(this);
    return copy;
  }

  /** Writes the layout above, without the flags. */
  public void write(ByteWriter writer) {
    amounts.write(writer);
  }

  /** Reads the layout above and adds what it holds. */
  public void addFrom(ByteReader reader, int flags) {
    requireKnown(flags, reader);
    Tally read = new Tally(amounts.length());
    read.fine = (flags & FINE) != 0;
    read.amounts.addFrom(reader);
    add(read);
  }

  static void requireKnown(int flags, ByteReader reader) {
    if ((flags & ~KNOWN_FLAGS) != 0) {
      throw new CorruptLayoutException(
          "flags %d of a label set, before byte %d".formatted(flags, reader.position()));
    }
  }
}
