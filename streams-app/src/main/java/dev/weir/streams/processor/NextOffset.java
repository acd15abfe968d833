package dev.weir.streams.processor;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The offset behind the last record of each topic that a task has dealt with, kept with the task's
 * state and in the same transaction. It is the group's offset once more: brokers forget those of a
 * group that was away for long ({@code offsets.retention.minutes}), and what is read again then
 * must not count again. It is of no use to another application, whose topics are others. Not
 * thread-safe.
 *
 * <p>State: key 0, 2, topic holds the offset (8 bytes).
 */
public final class NextOffset {
  private static final byte[] PREFIX = {0, 2};

  private final KeyValueStore<Bytes, byte[]> store;
  private final Map<String, Position> positions = new HashMap<>();

  private static final class Position {
    private final Bytes key;
    private long stored;
    private long next;

    Position(Bytes key, byte[] left) {
      this.key = key;
      this.stored = left == null ? 0 : new ByteReader().reset(left).fixed64();
      this.next = stored;
    }
  }

  /** What a predecessor left is read when it is asked for. */
  NextOffset(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  /** Whether an entry of a task's store is one of these. */
  public static boolean isKey(byte[] key) {
    return key.length > PREFIX.length
        && Arrays.equals(key, 0, PREFIX.length, PREFIX, 0, PREFIX.length);
  }

  /** Takes note of a record; returns whether it was dealt with before. */
  boolean isRepeated(RecordMetadata record) {
    Position position = positions.computeIfAbsent(record.topic(), this::left);
    boolean repeated = record.offset() < position.next;
    position.next = Math.max(position.next, record.offset() + 1);
    return repeated;
  }

  private Position left(String topic) {
    byte[] name = topic.getBytes(StandardCharsets.UTF_8);
    ByteWriter writer = new ByteWriter(PREFIX.length + name.length);
    writer.raw(PREFIX, 0, PREFIX.length).raw(name, 0, name.length);
    Bytes key = Bytes.wrap(writer.toByteArray());
    return new Position(key, store.get(key));
  }

  /** Belongs to the commit of the records that were taken note of. */
  void flush() {
    for (Position position : positions.values()) {
      if (position.next > position.stored) {
        store.put(position.key, new ByteWriter(8).fixed64(position.next).toByteArray());
        position.stored = position.next;
      }
    }
  }
}
