package dev.weir.streams.cardinality;

import org.jspecify.annotations.Nullable;

/**
 * Counts distinct hashes of the last few slots of time, each with a {@link Sketch} of its own. Not
 * thread-safe.
 */
public final class SlidingSketch {
  private final @Nullable Sketch[] ring;
  private long slot = -1;

  /**
   * @param slots how many slots are remembered, the current one included; at least 1
   */
  public SlidingSketch(int slots) {
    this.ring = new @Nullable Sketch[slots];
  }

  /** Adds a hash; returns whether it seems to be new in this slot. */
  public boolean add(long hash, long atSlot) {
    return current(atSlot).add(hash);
  }

  /** Adds everything that a sketch has. */
  public void add(Sketch sketch, long atSlot) {
    current(atSlot).add(sketch);
  }

  private Sketch current(long atSlot) {
    advance(atSlot);
    int index = (int) (slot % ring.length);
    Sketch current = ring[index];
    if (current == null) {
      current = new Sketch();
      ring[index] = current;
    }
    return current;
  }

  /** Whether nothing was ever added. */
  public boolean isUnused() {
    return slot < 0;
  }

  private void advance(long toSlot) {
    long from = Math.max(slot + 1, toSlot - ring.length + 1);
    for (long passed = Math.max(0, from); passed <= toSlot; passed++) {
      ring[(int) (passed % ring.length)] = null;
    }
    slot = Math.max(slot, toSlot);
  }

  /** Adds what is left of the hashes at a slot of time to a sketch. */
  void addTo(Sketch sketch, long atSlot) {
    advance(atSlot);
    for (Sketch part : ring) {
      if (part != null) {
        sketch.add(part);
      }
    }
  }

  /** How many distinct hashes are left at a slot of time, about. */
  public long estimate(long atSlot) {
    Sketch all = new Sketch();
    addTo(all, atSlot);
    return all.estimate();
  }
}
