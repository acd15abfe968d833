package dev.weir.schemas.delta;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.CorruptLayoutException;

/**
 * Reads what {@link DeltaBatchWriter} wrote, label set by label set: {@code while (reader.next())
 * {…; reader.addTo(…);}}. Not thread-safe.
 */
public final class DeltaBatchReader {
  private final ByteReader reader = new ByteReader();
  private final int sourcePartition;
  private final int sourcePartitions;
  private final long openFrom;
  private long window;
  private byte[] tenant = new byte[0];
  private MetricGroup group = MetricGroup.SPAN_METRICS;
  private int flags;
  private int labelsOffset;
  private int labelsLength;

  /**
   * @throws CorruptLayoutException if the version is not known
   */
  public DeltaBatchReader(byte[] batch) {
    reader.reset(batch);
    int version = reader.u8();
    if (version != DeltaBatchWriter.VERSION) {
      throw new CorruptLayoutException(
          "delta batch of version %d; this program reads version %d"
              .formatted(version, DeltaBatchWriter.VERSION));
    }
    this.sourcePartition = reader.uvarint31();
    this.sourcePartitions = reader.uvarint31();
    this.openFrom = reader.uvarint();
  }

  /** The partition of spans that it speaks of. */
  public int sourcePartition() {
    return sourcePartition;
  }

  /** How many partitions of spans there are. */
  public int sourcePartitions() {
    return sourcePartitions;
  }

  /** The first window that the source partition is not complete through. */
  public long openFrom() {
    return openFrom;
  }

  /** Goes on to the next label set; its amounts must be read before the one after. */
  public boolean next() {
    while (reader.hasMore()) {
      int item = reader.u8();
      if (item == DeltaBatchWriter.SECTION) {
        window = reader.uvarint();
        tenant = reader.prefixed();
      } else if (item == DeltaBatchWriter.LABEL_SET) {
        readLabelSet();
        return true;
      } else {
        throw new CorruptLayoutException(
            "item " + item + " in a delta batch, before byte " + reader.position());
      }
    }
    return false;
  }

  private void readLabelSet() {
    group = MetricGroup.of(reader.u8());
    flags = reader.u8();
    Tally.requireKnown(flags, reader);
    labelsLength = reader.uvarint31();
    labelsOffset = reader.skip(labelsLength);
  }

  /** The window that the label set grew in. */
  public long window() {
    return window;
  }

  /** Its tenant, UTF-8. */
  public byte[] tenant() {
    return tenant;
  }

  /** Its metric group. */
  public MetricGroup group() {
    return group;
  }

  /** The array that holds its labels. */
  public byte[] buffer() {
    return reader.bytes();
  }

  /** Where its labels begin. */
  public int labelsOffset() {
    return labelsOffset;
  }

  /** Bytes of its labels. */
  public int labelsLength() {
    return labelsLength;
  }

  /** Reads its amounts, once. */
  public void addTo(Tally tally) {
    tally.addFrom(reader, flags);
  }
}
