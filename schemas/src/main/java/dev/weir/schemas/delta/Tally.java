package dev.weir.schemas.delta;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a label set's metrics amount to, or what they grew by: {@link Amounts} with their unit, and
 * {@link NativeHistogram}s of the same unit, and {@link Exemplars}. The unit is 1 unless something
 * was added in units of 2⁻²⁰; from then on it is that, and what was there before was converted,
 * which loses nothing. So a tally does not depend on the order of what was added.
 *
 * <p>Layout: {@link Amounts}; if there are native histograms, their number and each of them; if
 * there are any, {@link Exemplars}. The flags, which say how to read it, stand apart: bit 0 for
 * units of 2⁻²⁰, bit 1 for native histograms, bit 2 for exemplars. Not thread-safe.
 */
public final class Tally {
  /** Flag: amounts are in units of 2⁻²⁰. */
  public static final int FINE = 1;

  /** Flag: there are native histograms. */
  public static final int NATIVE = 2;

  /** Flag: there are exemplars. */
  public static final int EXEMPLARS = 4;

  /** How many binary digits there are behind the point if the unit is fine. */
  public static final int FINE_BITS = 20;

  private static final int KNOWN_FLAGS = FINE | NATIVE | EXEMPLARS;
  private static final double FINE_UNIT = 1.0 / (1 << FINE_BITS);

  private final Amounts amounts;
  private final List<NativeHistogram> natives = new ArrayList<>(0);
  private @Nullable Exemplars exemplars;
  private boolean fine;

  /**
   * @param vectorLength how many amounts, all 0
   */
  public Tally(int vectorLength) {
    this(vectorLength, false);
  }

  /**
   * @param vectorLength how many amounts, all 0
   * @param fine whether the unit is 2⁻²⁰
   */
  public Tally(int vectorLength, boolean fine) {
    this.amounts = new Amounts(vectorLength);
    this.fine = fine;
  }

  /** The amounts, in this tally's unit. */
  public Amounts amounts() {
    return amounts;
  }

  /** The native histograms, which may be fewer than the group has. */
  public List<NativeHistogram> natives() {
    return natives;
  }

  /** The native histogram with that number; made if it is not there. */
  public NativeHistogram nativeAt(int histogram) {
    while (natives.size() <= histogram) {
      natives.add(new NativeHistogram());
    }
    return natives.get(histogram);
  }

  /** The exemplars, which may be none. */
  public Exemplars exemplars() {
    if (exemplars == null) {
      exemplars = new Exemplars();
    }
    return exemplars;
  }

  /** Forgets exemplars, and has room for none. */
  public void dropExemplars() {
    exemplars = null;
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
    return (fine ? FINE : 0)
        | (natives.isEmpty() ? 0 : NATIVE)
        | (exemplars == null || exemplars.size() == 0 ? 0 : EXEMPLARS);
  }

  /** Makes all amounts 0; the unit stays, so that a series does not change its kind. */
  public void clear() {
    amounts.clear();
    natives.clear();
    dropExemplars();
  }

  /** Adds another tally with as many amounts. */
  public void add(Tally other) {
    if (fine && !other.fine) {
      Tally converted = other.copy();
      converted.refineIf(true);
      addAligned(converted);
    } else {
      refineIf(other.fine);
      addAligned(other);
    }
  }

  private void addAligned(Tally other) {
    amounts.add(other.amounts);
    for (int histogram = 0; histogram < other.natives.size(); histogram++) {
      nativeAt(histogram).add(other.natives.get(histogram));
    }
    if (other.exemplars != null) {
      exemplars().add(other.exemplars);
    }
  }

  private void refineIf(boolean wanted) {
    if (wanted && !fine) {
      amounts.shiftLeft(FINE_BITS);
      natives.forEach(histogram -> histogram.shiftLeft(FINE_BITS));
      fine = true;
    }
  }

  /** A tally of the same. */
  public Tally copy() {
    Tally copy = new Tally(amounts.length());
    copy.add(this);
    return copy;
  }

  /**
   * The same with other amounts of the same unit, of any number, and without exemplars. The native
   * histograms are shared: this tally must not be used any more.
   */
  public Tally withAmounts(Amounts others) {
    Tally changed = new Tally(others.length(), fine);
    changed.amounts.add(others);
    changed.natives.addAll(natives);
    return changed;
  }

  /** Writes the layout above, without the flags. */
  public void write(ByteWriter writer) {
    amounts.write(writer);
    if (!natives.isEmpty()) {
      writer.uvarint(natives.size());
      natives.forEach(histogram -> histogram.write(writer));
    }
    if (exemplars != null && exemplars.size() > 0) {
      exemplars.write(writer);
    }
  }

  /** Reads the layout above and adds what it holds. */
  public void addFrom(ByteReader reader, int flags) {
    requireKnown(flags, reader);
    Tally read = new Tally(amounts.length(), (flags & FINE) != 0);
    read.amounts.addFrom(reader);
    int count = (flags & NATIVE) == 0 ? 0 : reader.uvarint31();
    for (int histogram = 0; histogram < count; histogram++) {
      read.natives.add(NativeHistogram.read(reader));
    }
    if ((flags & EXEMPLARS) != 0) {
      read.exemplars().addFrom(reader);
    }
    add(read);
  }

  static void requireKnown(int flags, ByteReader reader) {
    if ((flags & ~KNOWN_FLAGS) != 0) {
      throw new CorruptLayoutException(
          "flags %d of a label set, before byte %d".formatted(flags, reader.position()));
    }
  }
}
