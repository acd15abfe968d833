package dev.weir.schemas.otlp;

import java.util.Arrays;

/**
 * Where the attributes of one span or resource stand, so that however many ask for some of them,
 * their bytes are walked through once. Reused from message to message; not thread-safe.
 */
final class AttributeIndex {
  private static final int KEY = 1 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int VALUE = 2 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int KEY_OFFSET = 0;
  private static final int KEY_LENGTH = 1;
  private static final int VALUE_OFFSET = 2;
  private static final int VALUE_LENGTH = 3;
  private static final int STRIDE = 4;

  private byte[] buffer = new byte[0];
  private int[] places = new int[32 * STRIDE];
  private int end;

  /** Forgets all; the next attributes stand in {@code buffer}. */
  void clear(byte[] buffer) {
    this.buffer = buffer;
    this.end = 0;
  }

  /** Adds the OTLP {@code KeyValue} whose length the reader stands before. */
  void read(WireReader reader) throws MalformedOtlpException {
    int outer = reader.enter();
    if (!addPlain(reader.position(), reader.limit())) {
      addAny(reader);
    }
    reader.leave(outer);
  }

  /**
   * Adds the one between these positions if it is a key of less than 128 bytes and a value that
   * ends the message, as all exporters write them; says whether it did.
   */
  boolean addPlain(int start, int limit) {
    byte[] in = buffer;
    if (limit - start < 4 || in[start] != KEY) {
      return false;
    }
    int keyOffset = start + 2;
    int keyLength = in[start + 1];
    int value = keyOffset + keyLength;
    if (keyLength < 0 || limit - value < 2 || in[value] != VALUE) {
      return false;
    }
    int valueOffset = value + 2;
    int valueLength = in[value + 1];
    if (valueLength < 0 && limit - valueOffset > 0 && in[valueOffset] > 0) {
      valueLength = (valueLength & 0x7F) | in[valueOffset] << 7;
      valueOffset++;
    }
    if (valueLength < 0 || valueOffset + valueLength != limit) {
      return false;
    }
    add(keyOffset, keyLength, valueOffset, valueLength);
    return true;
  }

  private void addAny(WireReader reader) throws MalformedOtlpException {
    int keyOffset = reader.position();
    int keyLength = 0;
    int valueOffset = keyOffset;
    int valueLength = 0;
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == KEY) {
        keyLength = reader.readLength();
        keyOffset = reader.position();
        reader.skipBytes(keyLength);
      } else if (tag == VALUE) {
        valueLength = reader.readLength();
        valueOffset = reader.position();
        reader.skipBytes(valueLength);
      } else {
        reader.skip(tag);
      }
    }
    add(keyOffset, keyLength, valueOffset, valueLength);
  }

  private void add(int keyOffset, int keyLength, int valueOffset, int valueLength) {
    if (end == places.length) {
      places = Arrays.copyOf(places, end * 2);
    }
    places[end + KEY_OFFSET] = keyOffset;
    places[end + KEY_LENGTH] = keyLength;
    places[end + VALUE_OFFSET] = valueOffset;
    places[end + VALUE_LENGTH] = valueLength;
    end += STRIDE;
  }

  /** Finds the values that {@code into} looks for; what it found before is forgotten. */
  void find(AttributeValues into) {
    into.clear(buffer);
    AttributeKeys wanted = into.keys();
    for (int at = 0; at < end; at += STRIDE) {
      int key = wanted.indexOf(buffer, places[at + KEY_OFFSET], places[at + KEY_LENGTH]);
      if (key >= 0) {
        into.found(key, places[at + VALUE_OFFSET], places[at + VALUE_LENGTH]);
      }
    }
  }

  /** Shows all in order. */
  void forEach(AttributeVisitor visitor) throws MalformedOtlpException {
    for (int at = 0; at < end; at += STRIDE) {
      visitor.attribute(
          buffer,
          places[at + KEY_OFFSET],
          places[at + KEY_LENGTH],
          places[at + VALUE_OFFSET],
          places[at + VALUE_LENGTH]);
    }
  }
}
