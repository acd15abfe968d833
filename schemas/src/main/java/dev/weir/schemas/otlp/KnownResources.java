package dev.weir.schemas.otlp;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.util.Arrays;

/**
 * The bytes of resources that came before, each under a number. Processes send the same resource
 * with all their spans, so what was made of it once can be found again. Takes a bounded number of
 * bytes; when it is full, further resources get no number, and after enough of those all are
 * forgotten, so that the ones in use now get their turn. Not thread-safe.
 */
final class KnownResources {
  /** What has no number. */
  static final int UNKNOWN = -1;

  private static final Hasher64 HASHER = Hashing.wyhashFinal4();

  /** What else is kept of one, here and by those who make something of it; about. */
  static final int OWN_BYTES = 512;

  /** So many are turned away for each that is known before it is worth while to begin anew. */
  private static final int PATIENCE = 8;

  private final int maxBytes;
  private byte[][] resources = new byte[16][];
  private long[] hashes = new long[16];
  private int[] slots = new int[32]; // number + 1; 0 if free
  private int size;
  private int bytes;
  private long turnedAway;
  private int generation;

  KnownResources(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Numbers mean the same as long as this stays. */
  int generation() {
    return generation;
  }

  /** The bytes of a resource that has a number. */
  byte[] bytes(int number) {
    return resources[number];
  }

  /** The number of a resource, or {@link #UNKNOWN}. */
  int find(byte[] buffer, int offset, int length) {
    long hash = HASHER.hashBytesToLong(buffer, offset, length);
    int mask = slots.length - 1;
    for (int slot = (int) hash & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
      int number = slots[slot] - 1;
      if (hashes[number] == hash
          && Arrays.equals(
              resources[number], 0, resources[number].length, buffer, offset, offset + length)) {
        return number;
      }
    }
    return UNKNOWN;
  }

  /** Gives one that has none a number, or says {@link #UNKNOWN} if there is no room. */
  int add(byte[] buffer, int offset, int length) {
    if (length > maxBytes - OWN_BYTES - bytes) {
      turnedAway++;
      if (turnedAway <= (long) PATIENCE * size) {
        return UNKNOWN;
      }
      forget();
      if (length > maxBytes - OWN_BYTES) {
        return UNKNOWN;
      }
    }
    int number = size++;
    if (number == resources.length) {
      grow();
    }
    resources[number] = Arrays.copyOfRange(buffer, offset, offset + length);
    hashes[number] = HASHER.hashBytesToLong(buffer, offset, length);
    bytes += length + OWN_BYTES;
    index(number);
    return number;
  }

  private void forget() {
    Arrays.fill(resources, null);
    Arrays.fill(slots, 0);
    size = 0;
    bytes = 0;
    turnedAway = 0;
    generation++;
  }

  private void grow() {
    resources = Arrays.copyOf(resources, size * 2);
    hashes = Arrays.copyOf(hashes, resources.length);
    slots = new int[slots.length * 2];
    for (int number = 0; number < size - 1; number++) {
      index(number);
    }
  }

  private void index(int number) {
    int mask = slots.length - 1;
    int slot = (int) hashes[number] & mask;
    while (slots[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = number + 1;
  }
}
