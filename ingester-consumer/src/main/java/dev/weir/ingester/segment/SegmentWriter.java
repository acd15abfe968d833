package dev.weir.ingester.segment;

import com.github.luben.zstd.Zstd;
import dev.weir.ingester.trace.TraceId;
import dev.weir.ingester.trace.TraceRecords;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Writes one segment in a single pass; the same records give the same bytes. Holds a page and the
 * index in memory, never the whole segment.
 */
final class SegmentWriter {
  /** A page is closed when its records reach this; a longer record is a page of its own. */
  private static final int PAGE_BYTES = 512 * 1024;

  private static final int COMPRESSION_LEVEL = 3;

  private final TraceRecords records;
  private final OutputStream out;
  private final ByteArrayOutputStream page = new ByteArrayOutputStream();
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private final int[] pageOfRecord;
  private long position;
  private int pages;

  private SegmentWriter(TraceRecords records, OutputStream out) {
    this.records = records;
    this.out = out;
    this.pageOfRecord = new int[records.records().size()];
  }

  static void write(TraceRecords records, OutputStream out) throws IOException {
    new SegmentWriter(records, out).write();
  }

  private void write() throws IOException {
    put(SegmentLayout.MAGIC);
    put(new byte[] {SegmentLayout.VERSION});
    writePages();
    long indexOffset = position;
    byte[] index = index();
    byte[] filter = filter();
    put(index);
    put(filter);
    put(footer(indexOffset, index, filter));
  }

  private void writePages() throws IOException {
    DataOutputStream content = new DataOutputStream(page);
    for (int number = 0; number < pageOfRecord.length; number++) {
      byte[] record = records.records().get(number);
      if (page.size() > 0 && (long) page.size() + record.length > PAGE_BYTES) {
        closePage();
      }
      pageOfRecord[number] = pages;
      content.writeInt(record.length);
      content.write(record);
    }
    if (page.size() > 0) {
      closePage();
    }
  }

  private void closePage() throws IOException {
    byte[] compressed = Zstd.compress(page.toByteArray(), COMPRESSION_LEVEL);
    DataOutputStream entry = new DataOutputStream(directory);
    entry.writeLong(position);
    entry.writeInt(compressed.length);
    entry.writeInt(page.size());
    entry.writeInt(SegmentLayout.checksum(compressed, compressed.length));
    put(compressed);
    pages++;
    page.reset();
  }

  private byte[] index() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Index index = new Index();
    records.forEachTrace(index::add);
    DataOutputStream data = new DataOutputStream(bytes);
    data.writeInt(pages);
    directory.writeTo(data);
    data.writeInt(records.traces());
    index.ids.writeTo(data);
    index.starts.writeTo(data);
    data.writeInt(index.size);
    index.postings.writeTo(data);
    return bytes.toByteArray();
  }

  private byte[] filter() {
    IdFilter filter = IdFilter.sizedFor(records.traces());
    records.forEachTrace((id, numbers) -> filter.add(id));
    return filter.toBytes();
  }

  private static byte[] footer(long indexOffset, byte[] index, byte[] filter) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(SegmentLayout.FOOTER_BYTES);
    DataOutputStream data = new DataOutputStream(bytes);
    data.writeLong(indexOffset);
    data.writeInt(index.length);
    data.writeInt(SegmentLayout.checksum(index, index.length));
    data.writeInt(filter.length);
    data.writeInt(SegmentLayout.checksum(filter, filter.length));
    data.writeInt(SegmentLayout.checksum(bytes.toByteArray(), SegmentLayout.FOOTER_CHECKED_BYTES));
    data.writeByte(SegmentLayout.VERSION);
    data.write(SegmentLayout.MAGIC);
    return bytes.toByteArray();
  }

  private void put(byte[] bytes) throws IOException {
    out.write(bytes);
    position += bytes.length;
  }

  /** The parts of the index that grow with the traces. */
  private final class Index {
    private final ByteArrayOutputStream ids = new ByteArrayOutputStream();
    private final ByteArrayOutputStream starts = new ByteArrayOutputStream();
    private final ByteArrayOutputStream postings = new ByteArrayOutputStream();
    private int size;

    void add(TraceId id, int[] recordNumbers) {
      putLong(ids, id.high());
      putLong(ids, id.low());
      putInt(starts, size);
      int[] found = Arrays.stream(recordNumbers).map(n -> pageOfRecord[n]).distinct().toArray();
      for (int number : found) {
        putInt(postings, number);
      }
      size += found.length;
    }
  }

  private static void putLong(ByteArrayOutputStream bytes, long value) {
    putInt(bytes, (int) (value >>> 32));
    putInt(bytes, (int) value);
  }

  private static void putInt(ByteArrayOutputStream bytes, int value) {
    bytes.write(value >>> 24);
    bytes.write(value >>> 16);
    bytes.write(value >>> 8);
    bytes.write(value);
  }
}
