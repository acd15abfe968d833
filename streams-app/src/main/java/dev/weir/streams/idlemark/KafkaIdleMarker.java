package dev.weir.streams.idlemark;

import dev.weir.schemas.topic.IdleMark;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marks by a producer of its own, outside the transactions of the topology: a mark says something
 * about the log, not about what was read from it.
 */
public final class KafkaIdleMarker implements IdleMarker, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaIdleMarker.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final String topic;
  private final byte[] tenant;
  private final KafkaProducer<byte[], byte[]> producer;

  /** The producer may block while it looks for the topic; stream threads must not. */
  private final ExecutorService sender =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "idle-marker"));

  private final Counter written;
  private final Counter failed;

  /**
   * @param kafkaClient configuration for Kafka's clients
   * @param tenant a tenant that other readers of the topic accept
   */
  public KafkaIdleMarker(
      Map<String, Object> kafkaClient, String topic, byte[] tenant, MeterRegistry registry) {
    this.topic = topic;
    this.tenant = tenant;
    Map<String, Object> config = new HashMap<>(kafkaClient);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.CLIENT_ID_CONFIG, "weir-idle-marker");
    this.producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    this.written =
        Counter.builder("weir.streams.idle.marks")
            .description("Idle marks appended to quiet partitions.")
            .tag("outcome", "written")
            .register(registry);
    this.failed =
        Counter.builder("weir.streams.idle.marks")
            .description("Idle marks appended to quiet partitions.")
            .tag("outcome", "failed")
            .register(registry);
  }

  @Override
  public void mark(int partition) {
    sender.execute(() -> send(partition));
  }

  private void send(int partition) {
    try {
      var unused =
          producer.send(
              IdleMark.forPartition(topic, partition, tenant),
              (metadata, exception) -> {
                if (exception == null) {
                  written.increment();
                } else {
                  report(partition, exception);
                }
              });
    } catch (RuntimeException e) { // the outermost loop of this thread: the next mark tries again
      report(partition, e);
    }
  }

  private void report(int partition, Exception exception) {
    failed.increment();
    LOG.warn("no idle mark for partition {} of {}: {}", partition, topic, exception.toString());
  }

  @Override
  public void close() {
    sender.shutdownNow();
    producer.close(CLOSE_TIMEOUT);
  }
}
