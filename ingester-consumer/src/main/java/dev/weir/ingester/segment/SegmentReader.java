package dev.weir.ingester.segment;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.weir.ingester.backend.Backend;
import dev.weir.ingester.backend.BackendException;
import dev.weir.ingester.backend.ObjectKey;
import dev.weir.ingester.backend.RangeOutsideObjectException;
import dev.weir.ingester.trace.TraceId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads parts of one segment and counts the bytes. For one look-up. */
final class SegmentReader {
  private final Backend backend;
  private final ObjectKey key;
  private final long size;
  private long bytesRead;

  SegmentReader(Backend backend, ObjectKey key, long size) {
    this.backend = backend;
    this.key = key;
    this.size = size;
  }

  long bytesRead() {
    return bytesRead;
  }

  SegmentSummary summary() throws BackendException, CorruptSegmentException {
    check(size >= SegmentLayout.HEADER_BYTES + SegmentLayout.FOOTER_BYTES, "it is too short");
    byte[] footer = read(size - SegmentLayout.FOOTER_BYTES, SegmentLayout.FOOTER_BYTES);
    ByteBuffer fields = ByteBuffer.wrap(footer);
    long indexOffset = fields.getLong();
    int indexLength = fields.getInt();
    int indexChecksum = fields.getInt();
    int filterLength = fields.getInt();
    int filterChecksum = fields.getInt();
    int footerChecksum = fields.getInt();
    byte version = fields.get();
    check(Arrays.equals(footer, 29, 33, SegmentLayout.MAGIC, 0, 4), "it does not end with WSEG");
    check(version == SegmentLayout.VERSION, "its version is " + version + ", not 1");
    check(
        footerChecksum == SegmentLayout.checksum(footer, SegmentLayout.FOOTER_CHECKED_BYTES),
        "the checksum of its footer differs");
    check(
        indexOffset >= SegmentLayout.HEADER_BYTES
            && indexLength >= 0
            && filterLength >= Long.BYTES
            && filterLength % Long.BYTES == 0
            && indexOffset + indexLength + filterLength + SegmentLayout.FOOTER_BYTES == size,
        "the parts do not make up its size of " + size + " bytes");
    byte[] filter = checked(indexOffset + indexLength, filterLength, filterChecksum, "filter");
    return new SegmentSummary(indexOffset, indexLength, indexChecksum, IdFilter.of(filter));
  }

  /** The records of all pages that hold spans of a trace; others may be among them. */
  List<byte[]> find(SegmentSummary summary, TraceId id)
      throws BackendException, CorruptSegmentException {
    SegmentIndex index =
        new SegmentIndex(
            checked(
                summary.indexOffset(), summary.indexLength(), summary.indexChecksum(), "index"));
    List<byte[]> records = new ArrayList<>();
    for (int page : index.pagesOf(id)) {
      addRecords(content(index.page(page)), records);
    }
    return records;
  }

  private byte[] content(SegmentIndex.Page page) throws BackendException, CorruptSegmentException {
    byte[] compressed = checked(page.offset(), page.compressedLength(), page.checksum(), "page");
    try {
      byte[] content = Zstd.decompress(compressed, page.length());
      check(content.length == page.length(), "a page has another length than the index says");
      return content;
    } catch (ZstdException e) {
      throw corrupt("a page cannot be decompressed: " + e.getMessage());
    }
  }

  private void addRecords(byte[] content, List<byte[]> records) throws CorruptSegmentException {
    ByteBuffer rest = ByteBuffer.wrap(content);
    while (rest.hasRemaining()) {
      check(rest.remaining() >= Integer.BYTES, "a page ends within a record's length");
      int length = rest.getInt();
      check(length >= 0 && length <= rest.remaining(), "a page ends within a record");
      byte[] record = new byte[length];
      rest.get(record);
      records.add(record);
    }
  }

  private byte[] checked(long offset, int length, int checksum, String part)
      throws BackendException, CorruptSegmentException {
    byte[] bytes = read(offset, length);
    check(
        SegmentLayout.checksum(bytes, length) == checksum,
        "the checksum of its " + part + " differs");
    return bytes;
  }

  private byte[] read(long offset, int length) throws BackendException, CorruptSegmentException {
    try {
      byte[] bytes = backend.get(key, offset, length);
      bytesRead += length;
      return bytes;
    } catch (RangeOutsideObjectException e) {
      throw corrupt(String.valueOf(e.getMessage()));
    }
  }

  private void check(boolean holds, String fault) throws CorruptSegmentException {
    if (!holds) {
      throw corrupt(fault);
    }
  }

  private CorruptSegmentException corrupt(String fault) {
    return new CorruptSegmentException(key + " is no valid segment: " + fault);
  }
}
