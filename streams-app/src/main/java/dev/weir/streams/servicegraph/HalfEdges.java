package dev.weir.streams.servicegraph;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import java.util.Arrays;

/**
 * The half edges of one partition that may still meet another half, oldest first. Time never goes
 * back, and all stay equally long, so they expire in the order in which they came. Not thread-safe.
 *
 * <p>They stand one behind the other in one array: state (1 byte), expiry in Unix milliseconds (8),
 * number of the batch that persists it or 0 (8), its place in that batch (4), length (4), lower
 * half of the hash of its key (4), then the layout of {@link HalfEdge}. An address counts bytes
 * from the first half edge ever. What is gone is cut off in front, or squeezed out by {@link
 * #makeDense}, which gives all others new addresses. An open-addressing table leads from a key's
 * hash to addresses; several half edges may share a key. <em>Apart</em> are those that only answer
 * for others, clients that were paired and markers of rejected sides, and calls to databases.
 */
final class HalfEdges {
  private static final int STATE = 0;
  private static final int EXPIRY = 1;
  private static final int BATCH = 9;
  private static final int PLACE = 17;
  private static final int LENGTH = 21;
  private static final int HASH = 25;
  private static final int HEADER = 29;
  private static final byte HERE = 1;
  private static final byte GONE = 2;
  private static final int CUT_AT_LEAST = 1 << 16;

  /** What is gone in front is cut off if it is more than one part in so many. */
  private static final int CUT_AT_PART = 4;

  /** Half edges that are here take at least one part in so many of the array, if it is large. */
  private static final int SPARSE = 3;

  private static final int DENSE_AT_LEAST = 1 << 18;

  private final ByteWriter entries = new ByteWriter(CUT_AT_LEAST);
  private final ByteReader reader = new ByteReader();
  private final GraphNodes nodes;
  private final HalfEdge other;
  private long base;
  private long head;
  private long persistedEnd;
  private int hereBytes;
  private long lastExpiryMillis;

  /**
   * For each slot the lower half of a hash, and below it the lower 31 bits of the address and a 1;
   * 0 if the slot is free. All addresses are closer together than 2³¹ bytes, so that these bits
   * tell them apart, and the table, which is read at random places, is no larger than it must be.
   */
  private long[] table = new long[64];

  private int mask = 63;

  @SuppressWarnings("UnusedVariable") // written so that the reads of expect are not left out
  private long expected;

  private int size;
  private int silent;
  private int apart;
  private int markers;
  private long needyHead;
  private long apartHead;
  private long foundOther;
  private long foundSame;
  private boolean foundMarker;

  HalfEdges(GraphNodes nodes) {
    this(nodes, 0);
  }

  /**
   * @param nodes those that the half edges refer to
   * @param first the address of the first one
   */
  HalfEdges(GraphNodes nodes, long first) {
    this.nodes = nodes;
    this.other = new HalfEdge(nodes);
    base = first;
    head = first;
    persistedEnd = first;
    needyHead = first;
    apartHead = first;
  }

  /** How many wait, of which something will become when they expire. */
  int waiting() {
    return size - silent;
  }

  /** How many stand apart. */
  int apart() {
    return apart;
  }

  /** How many do not stand apart. */
  int needy() {
    return size - apart;
  }

  /** Address behind the newest half edge. */
  long end() {
    return base + entries.length();
  }

  /** Address of the oldest half edge, here or gone; {@link #end} if there is none. */
  long head() {
    return head;
  }

  /**
   * Adds a half edge that waits until {@code expiryMillis}, or as long as the one before if that
   * waits longer: after the wait was made shorter, those that came before go first all the same.
   */
  long add(HalfEdge half, long expiryMillis) {
    long address = end();
    lastExpiryMillis = Math.max(lastExpiryMillis, expiryMillis);
    entries.u8(HERE).fixed64(lastExpiryMillis).fixed64(0).fixed32(0).fixed32(half.length());
    entries.fixed32((int) half.keyHash());
    entries.raw(half.bytes(), half.offset(), half.length());
    hereBytes += HEADER + half.length();
    nodes.acquire(half.nodeNumber());
    insert(half.keyHash(), address);
    count(flags(address), 1);
    markers += half.has(HalfEdge.MARKER) ? 1 : 0;
    return address;
  }

  /** Whether there is any side that the filter rejected. */
  boolean hasMarkers() {
    return markers > 0;
  }

  /**
   * Fetches from memory what {@link #look} will need for a key of that hash. Fetched one behind the
   * other, many cost little more than one.
   */
  void expect(long keyHash) {
    expected += table[(int) keyHash & mask];
  }

  /** Looks for what stands under a half edge's key; the three methods below tell what it found. */
  void look(HalfEdge half) {
    int hash = (int) half.keyHash();
    foundOther = -1;
    foundSame = -1;
    foundMarker = false;
    for (int slot = hash & mask; table[slot] != 0; slot = (slot + 1) & mask) {
      if (hash(slot) == hash) {
        note(address(slot), half);
      }
    }
  }

  private void note(long address, HalfEdge half) {
    show(address, other);
    if (!hasSameKey(half, other)) {
      return;
    }
    boolean isOtherSide = other.isClientSide() != half.isClientSide();
    if (other.has(HalfEdge.MARKER)) {
      foundMarker |= isOtherSide;
    } else if (isOtherSide && other.isNamed() && meetsAsLink(half, other)) {
      foundOther = older(foundOther, address);
    } else if (!isOtherSide && other.isNamed()) {
      foundSame = older(foundSame, address);
    }
  }

  /** A link leads to producers only. */
  private static boolean meetsAsLink(HalfEdge half, HalfEdge candidate) {
    return !(half.has(HalfEdge.LINK) && candidate.kind() != HalfEdge.PRODUCER)
        && !(candidate.has(HalfEdge.LINK) && half.kind() != HalfEdge.PRODUCER);
  }

  private static long older(long found, long address) {
    return found < 0 ? address : Math.min(found, address);
  }

  /** Address of the oldest one on the other side whose service has a name, or -1. */
  long other() {
    return foundOther;
  }

  /** Address of the oldest one on the same side whose service has a name, or -1. */
  long same() {
    return foundSame;
  }

  /** Whether one on the other side was rejected by the filter. */
  boolean isOtherFiltered() {
    return foundMarker;
  }

  private static boolean hasSameKey(HalfEdge half, HalfEdge candidate) {
    return Arrays.equals(
        candidate.bytes(),
        candidate.keyOffset(),
        candidate.keyOffset() + candidate.keyLength(),
        half.bytes(),
        half.keyOffset(),
        half.keyOffset() + half.keyLength());
  }

  /** Sets flags of a half edge. */
  void mark(long address, int flags) {
    count(flags(address), -1);
    entries.bytes()[index(address) + HEADER + HalfEdge.FLAGS_OFFSET] |= (byte) flags;
    count(flags(address), 1);
    apartHead = Math.min(apartHead, address);
  }

  private void count(int flags, int more) {
    silent += HalfEdge.isSilent(flags) ? more : 0;
    apart += HalfEdge.isApart(flags) ? more : 0;
  }

  private boolean isApart(long address) {
    return HalfEdge.isApart(flags(address));
  }

  private int flags(long address) {
    return entries.bytes()[index(address) + HEADER + HalfEdge.FLAGS_OFFSET];
  }

  /** Shows the half edge at an address. */
  HalfEdge show(long address, HalfEdge into) {
    int index = index(address);
    return into.at(entries.bytes(), index + HEADER, read32(index + LENGTH));
  }

  /** The address of the next half edge. */
  long next(long address) {
    return address + HEADER + read32(index(address) + LENGTH);
  }

  boolean isHere(long address) {
    return entries.bytes()[index(address) + STATE] == HERE;
  }

  long expiryMillis(long address) {
    return read(index(address) + EXPIRY);
  }

  /** Number of the batch that persists it; 0 if none does yet. */
  long batch(long address) {
    return read(index(address) + BATCH);
  }

  int place(long address) {
    return read32(index(address) + PLACE);
  }

  void markPersisted(long address, long batch, int place) {
    entries.overwrite64(index(address) + BATCH, batch);
    entries.overwrite32(index(address) + PLACE, place);
  }

  /** Takes a half edge away. */
  void remove(long address, HalfEdge shown) {
    nodes.release(shown.nodeNumber());
    delete(read32(index(address) + HASH), address);
    count(flags(address), -1);
    markers -= shown.has(HalfEdge.MARKER) ? 1 : 0;
    entries.bytes()[index(address) + STATE] = GONE;
    hereBytes -= HEADER + read32(index(address) + LENGTH);
  }

  /** Steps over what is gone and returns the address of the oldest half edge, or -1. */
  long oldest() {
    while (head < end() && !isHere(head)) {
      head = next(head);
    }
    return head < end() ? head : -1;
  }

  /** The address of the oldest half edge that does not stand apart, or -1. */
  long oldestNeedy() {
    needyHead = first(false, Math.max(needyHead, head));
    return needyHead < end() ? needyHead : -1;
  }

  /** The address of the oldest half edge that stands apart, or -1. */
  long oldestApart() {
    apartHead = first(true, Math.max(apartHead, head));
    return apartHead < end() ? apartHead : -1;
  }

  /** Does what {@link #expect} does for the oldest half edges that stand apart. */
  void expectApart(int count) {
    long address = first(true, Math.max(apartHead, head));
    for (int i = 0; i < count && address < end(); i++) {
      expect(read32(index(address) + HASH));
      address = first(true, next(address));
    }
  }

  /** From an address on, the first one that is here and stands apart or not; else the end. */
  private long first(boolean apart, long from) {
    long address = from;
    while (address < end() && !(isHere(address) && isApart(address) == apart)) {
      address = next(address);
    }
    return address;
  }

  /** Address behind the newest half edge that was persisted. */
  long persistedEnd() {
    return persistedEnd;
  }

  /** All half edges so far are persisted if {@code isPersisted}, else none is. */
  void persisted(boolean isPersisted) {
    persistedEnd = isPersisted ? end() : head;
  }

  /** Gives back the memory of what was persisted and is in front of the oldest half edge. */
  void cutFront() {
    int gone = index(Math.min(persistedEnd, head));
    if (gone >= CUT_AT_LEAST && gone > entries.length() / CUT_AT_PART) {
      entries.dropFront(gone);
      base += gone;
    }
  }

  /**
   * Moves together what is here, if most is gone. Else pairs that have long met would stay in
   * memory, and in between those that wait, until the oldest of these is gone. All addresses change
   * then.
   */
  void makeDense() {
    if (entries.length() < DENSE_AT_LEAST || hereBytes > entries.length() / SPARSE) {
      return;
    }
    long newBase = end(); // old and new addresses cannot be mistaken for each other
    long newPersistedEnd = newBase;
    int length = 0;
    long address = head;
    while (address < newBase) {
      long next = next(address);
      if (isHere(address)) {
        int size = (int) (next - address);
        readdress(address, newBase + length);
        System.arraycopy(entries.bytes(), index(address), entries.bytes(), length, size);
        length += size;
      }
      newPersistedEnd = next <= persistedEnd ? newBase + length : newPersistedEnd;
      address = next;
    }
    entries.truncate(length);
    base = newBase;
    head = newBase;
    needyHead = newBase;
    apartHead = newBase;
    persistedEnd = newPersistedEnd;
  }

  private void readdress(long from, long to) {
    int hash = read32(index(from) + HASH);
    table[slot(hash, from)] = entry(hash, to);
  }

  private int index(long address) {
    return (int) (address - base);
  }

  private long read(int index) {
    return reader.reset(entries.bytes(), index, 8).fixed64();
  }

  private int read32(int index) {
    return reader.reset(entries.bytes(), index, 4).fixed32();
  }

  private static long entry(int hash, long address) {
    return (long) hash << Integer.SIZE | (address << 1 & 0xFFFF_FFFFL) | 1;
  }

  private int hash(int slot) {
    return (int) (table[slot] >>> Integer.SIZE);
  }

  /** No address is before the base, and none as far as 2³¹ behind it. */
  private long address(int slot) {
    return base + (((table[slot] >>> 1) - base) & 0x7FFF_FFFFL);
  }

  private void insert(long hash, long address) {
    if (size * 2 > mask) {
      grow();
    }
    enter(entry((int) hash, address));
    size++;
  }

  private void enter(long entry) {
    int slot = (int) (entry >>> Integer.SIZE) & mask;
    while (table[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    table[slot] = entry;
  }

  private void grow() {
    long[] old = table;
    table = new long[old.length * 2];
    mask = 2 * mask + 1;
    for (long entry : old) {
      if (entry != 0) {
        enter(entry);
      }
    }
  }

  private void delete(int hash, long address) {
    closeGap(slot(hash, address));
    size--;
  }

  /** The slot of a half edge that is here. */
  private int slot(int hash, long address) {
    long wanted = entry(hash, address);
    int slot = hash & mask;
    while (table[slot] != wanted) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /**
   * Moves back what stands behind a freed slot and could not be found otherwise (Knuth, volume 3,
   * 6.4 R).
   */
  private void closeGap(int freed) {
    int gap = freed;
    for (int slot = (gap + 1) & mask; table[slot] != 0; slot = (slot + 1) & mask) {
      int home = hash(slot) & mask;
      if (((slot - home) & mask) >= ((slot - gap) & mask)) {
        table[gap] = table[slot];
        gap = slot;
      }
    }
    table[gap] = 0;
  }
}
