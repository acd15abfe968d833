package dev.weir.streams.processor;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The offset behind the last record that a shard has dealt with, kept with the shard's state and in
 * the same transaction. It is the group's offset once more: brokers forget those of a group that
 * was away for long ({@code offsets.retention.minutes}), and what is read again then must not count
 * again. Not thread-safe.
 */
final class NextOffset {
  /** Before all series, behind the shard's progress. */
  private static final Bytes KEY = Bytes.wrap(new byte[] {0, 1});

  private final KeyValueStore<Bytes, byte[]> store;
  private long stored;
  private long next;

  /** Reads what a predecessor left. */
  NextOffset(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
    byte[] left = store.get(KEY);
    this.stored = left == null ? 0 : new ByteReader().reset(left).fixed64();
    this.next = stored;
  }

  /** Takes note of a record; returns whether it was dealt with before. */
  boolean isRepeated(long offset) {
    boolean repeated = offset < next;
    next = Math.max(next, offset + 1);
    return repeated;
  }

  /** Belongs to the commit of the records that were taken note of. */
  void flush() {
    if (next > stored) {
      store.put(KEY, new ByteWriter(8).fixed64(next).toByteArray());
      stored = next;
    }
  }
}
