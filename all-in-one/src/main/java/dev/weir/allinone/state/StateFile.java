package dev.weir.allinone.state;

import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * The entries of one partition of a store, in the order of their keys' bytes.
 *
 * <p>Layout (version 1): {@code WEIR}; version (1 byte); number of entries (8 bytes); for each, key
 * and value, each behind its length ({@code uvarint}); CRC-32C of all that (8 bytes).
 */
final class StateFile {
  private static final int MAGIC = 0x57454952;
  private static final int VERSION = 1;

  private StateFile() {}

  static void write(Path file, SortedMap<byte[], byte[]> entries) throws IOException {
    CRC32C sum = new CRC32C();
    try (DataOutputStream out =
        new DataOutputStream(
            new CheckedOutputStream(new BufferedOutputStream(Files.newOutputStream(file)), sum))) {
      out.writeInt(MAGIC);
      out.writeByte(VERSION);
      out.writeLong(entries.size());
      for (Map.Entry<byte[], byte[]> entry : entries.entrySet()) {
        ByteWriter bytes = new ByteWriter(entry.getKey().length + entry.getValue().length + 10);
        bytes.prefixed(entry.getKey()).prefixed(entry.getValue());
        out.write(bytes.bytes(), 0, bytes.length());
      }
      out.writeLong(sum.getValue());
    }
  }

  /**
   * Shows all entries.
   *
   * @throws CorruptLayoutException if the file is not whole, or of another version
   */
  static void read(Path file, BiConsumer<byte[], byte[]> entry) throws IOException {
    CRC32C sum = new CRC32C();
    try (DataInputStream in =
        new DataInputStream(
            new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file)), sum))) {
      if (in.readInt() != MAGIC) {
        throw new CorruptLayoutException(file + " is not a file of state");
      }
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new CorruptLayoutException(
            "%s has version %d; this program reads version %d".formatted(file, version, VERSION));
      }
      for (long left = in.readLong(); left > 0; left--) {
        entry.accept(prefixed(in), prefixed(in));
      }
      long expected = sum.getValue();
      if (in.readLong() != expected) {
        throw new CorruptLayoutException(file + " is damaged: its checksum is another");
      }
    } catch (EOFException e) {
      throw new CorruptLayoutException(file + " is cut short");
    }
  }

  private static byte[] prefixed(DataInputStream in) throws IOException {
    long length = 0;
    int next = 0x80;
    for (int shift = 0; (next & 0x80) != 0 && shift < 35; shift += 7) {
      next = in.readUnsignedByte();
      length |= (long) (next & 0x7F) << shift;
    }
    byte[] bytes = in.readNBytes((int) Math.min(length, Integer.MAX_VALUE - 8));
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }
}
