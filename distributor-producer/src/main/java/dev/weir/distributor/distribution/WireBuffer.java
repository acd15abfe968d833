package dev.weir.distributor.distribution;

import dev.weir.schemas.otlp.WireReader;
import java.util.Arrays;

/** Bytes in protobuf's wire format that grow at their end. */
final class WireBuffer {
  private byte[] bytes;
  private int length;

  WireBuffer(int capacity) {
    bytes = new byte[capacity];
  }

  /** Bytes of a varint. */
  static int sizeOfVarint(int value) {
    return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
  }

  /** Bytes of a length-delimited field with a field number below 16. */
  static long sizeOfField(long length) {
    return 1 + sizeOfVarint((int) length) + length;
  }

  int length() {
    return length;
  }

  byte[] array() {
    return bytes;
  }

  void clear() {
    length = 0;
  }

  void putByte(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
  }

  void putVarint(int value) {
    reserve(5);
    int rest = value;
    while ((rest & ~0x7F) != 0) {
      bytes[length++] = (byte) ((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  /** Begins a length-delimited field; its number must be below 16. */
  void putFieldHeader(int field, int fieldLength) {
    putByte((field << 3) | WireReader.LENGTH_DELIMITED);
    putVarint(fieldLength);
  }

  void putBytes(byte[] source, int from, int to) {
    reserve(to - from);
    System.arraycopy(source, from, bytes, length, to - from);
    length += to - from;
  }

  void putBytes(byte[] source) {
    putBytes(source, 0, source.length);
  }

  void putField(int field, WireBuffer content) {
    putFieldHeader(field, content.length);
    putBytes(content.bytes, 0, content.length);
  }

  /** A message without fields, as a field of the current one. */
  void putEmptyMessage(int field) {
    putFieldHeader(field, 0);
  }

  byte[] toByteArray() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), 2 * bytes.length));
    }
  }
}
