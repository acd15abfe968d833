package dev.weir.allinone.replay;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.allinone.replay.Growth.Increment;
import dev.weir.schemas.remotewrite.v2.Request;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One shard of an outbox, window by window, with what grew in each; holds no more than a window and
 * the last value of each series. Not thread-safe.
 */
final class ShardWindows implements Windows {
  private final OutboxReader reader;
  private final int shard;
  private final Growth growth = new Growth();
  private final Deque<ConsumerRecord<byte[], byte[]>> read = new ArrayDeque<>();

  /**
   * @param reader of this shard alone from now on
   * @param writtenMillis begins with what was written at that time or later
   */
  ShardWindows(OutboxReader reader, int shard, long writtenMillis) {
    this.reader = reader;
    this.shard = shard;
    reader.seek(shard, writtenMillis);
  }

  @Override
  public Optional<Window> next() {
    long end = -1;
    while (hasRecord()) {
      ConsumerRecord<byte[], byte[]> record = read.element();
      Request request = parse(record);
      long itsEnd = OutboxReader.windowEnd(request);
      if (end >= 0 && itsEnd > end) {
        return Optional.of(new Window(end, growth.take(), true));
      }
      end = Math.max(end, itsEnd);
      growth.add(OutboxReader.tenant(record), request);
      read.remove();
    }
    Map<String, Increment> rest = growth.take();
    return end < 0 ? Optional.empty() : Optional.of(new Window(end, rest, false));
  }

  private boolean hasRecord() {
    while (read.isEmpty() && reader.hasMore(shard)) {
      reader.poll().forEach(read::add);
    }
    return !read.isEmpty();
  }

  private static Request parse(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Request.parseFrom(record.value());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(
          "record %d of %s-%d is no request"
              .formatted(record.offset(), record.topic(), record.partition()),
          e);
    }
  }
}
