package dev.weir.streams.idlemark;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.v1.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The decisions that were logged for the topic of spans, for whoever computes again. */
public final class DecisionLog {
  private static final Duration POLL = Duration.ofMillis(500);

  private final Map<String, Object> config;
  private final String decisions;
  private final String spans;

  /**
   * @param kafkaClient configuration for Kafka's clients
   * @param decisions the topic of decisions
   * @param spans the topic that they are about
   */
  public DecisionLog(Map<String, Object> kafkaClient, String decisions, String spans) {
    this.config = new HashMap<>(kafkaClient);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    this.decisions = decisions;
    this.spans = spans;
  }

  /** Reads all there are for a partition, in the order in which they were made; blocks. */
  public List<Decision> read(int partition) {
    List<Decision> read = new ArrayList<>();
    TopicPartition from = new TopicPartition(decisions, partition);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(from));
      consumer.seekToBeginning(List.of(from));
      long end = consumer.endOffsets(List.of(from)).getOrDefault(from, 0L);
      while (consumer.position(from) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          Decision decision = Decision.parseFrom(record.value());
          if (topic(decision).equals(spans)) {
            read.add(decision);
          }
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("%s holds something else".formatted(from), e);
    }
    return read;
  }

  private static String topic(Decision decision) {
    return decision.hasGivenUp()
        ? decision.getGivenUp().getTopic()
        : decision.getCompleteThrough().getTopic();
  }
}
