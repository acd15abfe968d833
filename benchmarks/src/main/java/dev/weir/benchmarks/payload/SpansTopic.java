package dev.weir.benchmarks.payload;

import dev.weir.benchmarks.payload.Payload.SpansRecord;
import dev.weir.schemas.topic.TopicContract;
import dev.weir.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A topic of spans to be filled.
 *
 * @param bootstrapServers the brokers
 * @param name the topic; made if it does not exist
 * @param partitions its partitions if it is made
 */
public record SpansTopic(String bootstrapServers, String name, int partitions) {
  private static final byte[] TENANT = "single-tenant".getBytes(StandardCharsets.UTF_8);

  /**
   * What was written.
   *
   * @param bytes of the values, before compression
   */
  public record Filled(long spans, long records, long bytes) {}

  /**
   * Appends whole records, groups of traces in turn to each partition, until there are at least
   * {@code spans} spans; returns when the broker has all of them.
   *
   * @throws KafkaException if the broker takes one of them not
   */
  public Filled fill(Payload payload, long spans) {
    int made = ensured();
    AtomicReference<Exception> failure = new AtomicReference<>();
    long written = 0;
    long records = 0;
    long bytes = 0;
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      while (written < spans && failure.get() == null) {
        SpansRecord next = payload.next();
        Future<RecordMetadata> unused = // the callback is told the same
            producer.send(
                new ProducerRecord<>(name, (int) (next.traces() % made), TENANT, next.value()),
                (metadata, fault) -> failure.compareAndSet(null, fault));
        written += next.spans();
        bytes += next.value().length;
        records++;
      }
      producer.flush();
    }
    if (failure.get() != null) {
      throw new KafkaException("topic " + name + " could not be filled", failure.get());
    }
    return new Filled(written, records, bytes);
  }

  private int ensured() {
    Map<String, Integer> made =
        Topics.ensure(
            Map.of("bootstrap.servers", bootstrapServers),
            List.of(TopicContract.spans(name, partitions, Duration.ofDays(1))));
    return made.getOrDefault(name, partitions);
  }

  private KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4",
            ProducerConfig.LINGER_MS_CONFIG,
            20,
            ProducerConfig.BATCH_SIZE_CONFIG,
            1 << 20,
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            4 << 20),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
