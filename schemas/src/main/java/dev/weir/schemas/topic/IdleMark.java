package dev.weir.schemas.topic;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * A record that says nothing but that time has passed in its partition. The owner of a quiet
 * partition appends it; being behind every record that was there before, it makes the partition's
 * completeness follow from the log alone. The value is empty, which is a valid message without
 * spans in every {@link SpanCodec}, so other readers are not disturbed; a header tells it from an
 * empty request.
 */
public final class IdleMark {
  private static final String HEADER = "weir-idle-mark";
  private static final byte[] NOTHING = new byte[0];

  private IdleMark() {}

  /**
   * The mark for one partition; its time is the broker's.
   *
   * @param tenant a tenant that other readers of the topic accept as a key
   */
  public static ProducerRecord<byte[], byte[]> forPartition(
      String topic, int partition, byte[] tenant) {
    ProducerRecord<byte[], byte[]> mark = new ProducerRecord<>(topic, partition, tenant, NOTHING);
    mark.headers().add(HEADER, NOTHING);
    return mark;
  }

  /** Whether a record with these headers is a mark. */
  public static boolean isIdleMark(Headers headers) {
    return headers.lastHeader(HEADER) != null;
  }
}
