package dev.weir.ingester.segment;

import dev.weir.ingester.trace.TraceId;
import java.nio.ByteBuffer;

/**
 * A Bloom filter of trace ids: 10 bits an id, rounded up to whole words of 64, and 7 probes, so
 * that about 1 % of other ids pass. Probe {@code i} is bit {@code (a + i·b) mod bits}, unsigned,
 * where {@code b = mix(low + mix(high)) | 1}, {@code a = mix(b)} and {@code mix} is the finalizer
 * of MurmurHash3. Part of the layout: it may not change within a version.
 */
final class IdFilter {
  private static final int BITS_PER_ID = 10;
  private static final int PROBES = 7;

  private final long[] words;

  private IdFilter(long[] words) {
    this.words = words;
  }

  static IdFilter sizedFor(int ids) {
    return new IdFilter(new long[Math.max(1, (int) (((long) ids * BITS_PER_ID + 63) / 64))]);
  }

  /**
   * @param bytes a whole number of words, at least one
   */
  static IdFilter of(byte[] bytes) {
    long[] words = new long[bytes.length / Long.BYTES];
    ByteBuffer.wrap(bytes).asLongBuffer().get(words);
    return new IdFilter(words);
  }

  void add(TraceId id) {
    long step = step(id);
    long probe = mix(step);
    for (int i = 0; i < PROBES; i++, probe += step) {
      int bit = bit(probe);
      words[bit >>> 6] |= 1L << bit;
    }
  }

  boolean mayContain(TraceId id) {
    long step = step(id);
    long probe = mix(step);
    for (int i = 0; i < PROBES; i++, probe += step) {
      int bit = bit(probe);
      if ((words[bit >>> 6] & 1L << bit) == 0) {
        return false;
      }
    }
    return true;
  }

  byte[] toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(words.length * Long.BYTES);
    bytes.asLongBuffer().put(words);
    return bytes.array();
  }

  int sizeBytes() {
    return words.length * Long.BYTES;
  }

  private int bit(long probe) {
    return (int) Long.remainderUnsigned(probe, words.length * 64L);
  }

  private static long step(TraceId id) {
    return mix(id.low() + mix(id.high())) | 1;
  }

  private static long mix(long value) {
    long mixed = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ mixed >>> 33;
  }
}
