package dev.weir.benchmarks.load;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The least that any reader of the topic must do: a plain consumer that polls all of it and looks
 * at nothing, with the fetch sizes that the streams-app uses.
 */
public final class PollProcess {
  static final String DONE = "DONE";

  private PollProcess() {}

  /**
   * Reads the topic up to where it ended at the start, says how many bytes that was, and runs until
   * its input ends.
   *
   * @param arguments bootstrap servers and topic
   */
  public static void run(List<String> arguments) throws IOException {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(arguments.get(0))) {
      System.out.println(DONE + " " + readAll(consumer, arguments.get(1)));
      BrokerProcess.untilInputEnds();
    }
  }

  private static long readAll(KafkaConsumer<byte[], byte[]> consumer, String topic) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Collection<Map.Entry<TopicPartition, Long>> ends = consumer.endOffsets(partitions).entrySet();
    long bytes = 0;
    while (ends.stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      for (ConsumerRecord<byte[], byte[]> next : consumer.poll(Duration.ofSeconds(1))) {
        bytes += next.serializedValueSize();
      }
    }
    return bytes;
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers) {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            100,
            ConsumerConfig.RECEIVE_BUFFER_CONFIG,
            1 << 20,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            4 << 20),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
