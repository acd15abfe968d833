package dev.weir.streams.processor;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;

/** A record key that knows its partition; only the bytes reach the topic. */
public final class PartitionedKey {
  private static final int READ_BACK = -1;

  private final int partition;
  private final byte[] bytes;

  /**
   * @param partition where the record goes
   * @param bytes the key in the topic
   */
  public PartitionedKey(int partition, byte[] bytes) {
    this.partition = partition;
    this.bytes = bytes;
  }

  /** A number as a key in a topic. */
  static byte[] bytesOf(int number) {
    return new byte[] {
      (byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number
    };
  }

  /** The key in the topic. */
  byte[] bytes() {
    return bytes;
  }

  /** Where the record goes. */
  int partition() {
    return partition;
  }

  /** Writes the bytes; what is read back does not know its partition. */
  public static Serde<PartitionedKey> serde() {
    Serializer<PartitionedKey> serializer = (topic, key) -> key.bytes();
    Deserializer<PartitionedKey> deserializer =
        (topic, bytes) -> new PartitionedKey(READ_BACK, bytes);
    return Serdes.serdeFrom(serializer, deserializer);
  }

  /** Sends every record where its key says. */
  public static StreamPartitioner<PartitionedKey, byte[]> partitioner() {
    return (topic, key, value, partitions) -> Optional.of(Set.of(key.partition()));
  }
}
