package dev.weir.streams.idlemark;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the brokers. Thread-safe. */
public final class KafkaPartitionEnds implements PartitionEnds, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaPartitionEnds.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final String topic;
  private final Clock clock;
  private final Admin admin;
  private final Set<Integer> asked = ConcurrentHashMap.newKeySet();
  private final ConcurrentMap<Integer, Ends> answers = new ConcurrentHashMap<>();

  /**
   * @param kafkaClient configuration for Kafka's clients
   */
  public KafkaPartitionEnds(Map<String, Object> kafkaClient, String topic, Clock clock) {
    this.topic = topic;
    this.clock = clock;
    this.admin = Admin.create(kafkaClient);
  }

  @Override
  public void ask(int partition) {
    if (asked.add(partition)) {
      long now = clock.millis();
      // the end first: what retention takes in between has been read, or is lost anyway
      var unused =
          offset(partition, OffsetSpec.latest())
              .whenComplete(
                  (end, failure) -> {
                    if (failure == null) {
                      askBegin(partition, now, end);
                    } else {
                      report(partition, failure);
                    }
                  });
    }
  }

  private void askBegin(int partition, long askedAtMillis, long end) {
    var unused =
        offset(partition, OffsetSpec.earliest())
            .whenComplete(
                (begin, failure) -> {
                  if (failure == null) {
                    answers.put(partition, new Ends(askedAtMillis, begin, end));
                    asked.remove(partition);
                  } else {
                    report(partition, failure);
                  }
                });
  }

  private KafkaFuture<Long> offset(int partition, OffsetSpec which) {
    TopicPartition of = new TopicPartition(topic, partition);
    return admin
        .listOffsets(Map.of(of, which))
        .partitionResult(of)
        .thenApply(result -> result.offset());
  }

  private void report(int partition, Throwable failure) {
    asked.remove(partition);
    LOG.warn(
        "the end of partition {} of {} is not known: {}", partition, topic, failure.toString());
  }

  @Override
  public Optional<Ends> take(int partition) {
    return Optional.ofNullable(answers.remove(partition));
  }

  @Override
  public void close() {
    admin.close(CLOSE_TIMEOUT);
  }
}
