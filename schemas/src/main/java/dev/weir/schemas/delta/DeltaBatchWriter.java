package dev.weir.schemas.delta;

import dev.weir.schemas.layout.ByteWriter;
import java.util.Arrays;

/**
 * Writes what one source partition has for one shard since its last commit.
 *
 * <p>Layout (version 1): version; source partition; how many source partitions there are; the first
 * window that the source partition is not complete through (windows are numbered from the Unix
 * epoch); then items until the end. Item 1 begins a section: window, tenant behind its length. Item
 * 2 is a label set of that section: group, flags, labels behind their length, {@link Tally}.
 * Numbers are {@code uvarint}s unless they are single bytes. Nothing is said twice about
 * completeness: it stands in front, but speaks of everything that this partition sent before and in
 * this batch. Not thread-safe.
 */
public final class DeltaBatchWriter {
  static final int VERSION = 1;
  static final int SECTION = 1;
  static final int LABEL_SET = 2;

  private final ByteWriter items = new ByteWriter(4096);
  private long window = -1;
  private byte[] tenant = new byte[0];

  /** Whether there is anything to send. */
  public boolean isEmpty() {
    return items.length() == 0;
  }

  /** Bytes of the items so far. */
  public int size() {
    return items.length();
  }

  /**
   * Begins a label set's amounts; the caller writes a {@link Tally} to what it gets back.
   *
   * @param flags those of the tally
   */
  public ByteWriter labelSet(
      long ofWindow,
      byte[] ofTenant,
      MetricGroup group,
      int flags,
      byte[] labels,
      int offset,
      int length) {
    if (ofWindow != window || !Arrays.equals(ofTenant, tenant) || items.length() == 0) {
      window = ofWindow;
      tenant = ofTenant;
      items.u8(SECTION).uvarint(window).prefixed(tenant);
    }
    return items.u8(LABEL_SET).u8(group.code()).u8(flags).prefixed(labels, offset, length);
  }

  /**
   * Finishes the batch; the writer is empty again.
   *
   * @param openFrom the first window that is not complete
   */
  public byte[] finish(int sourcePartition, int sourcePartitions, long openFrom) {
    ByteWriter batch = new ByteWriter(items.length() + 32);
    batch.u8(VERSION).uvarint(sourcePartition).uvarint(sourcePartitions).uvarint(openFrom);
    batch.raw(items.bytes(), 0, items.length());
    items.truncate(0);
    return batch.toByteArray();
  }
}
