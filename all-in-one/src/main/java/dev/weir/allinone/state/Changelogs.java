package dev.weir.allinone.state;

import dev.weir.schemas.topic.TopicContract;
import dev.weir.schemas.topic.Topics;
import dev.weir.streams.aggregate.AggregateSettings;
import dev.weir.streams.aggregate.PartitionAggregate;
import dev.weir.streams.aggregate.PartitionStore;
import dev.weir.streams.config.StreamsSettings;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.processor.NextOffset;
import dev.weir.streams.topology.WeirTopology;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The state of an application that does not run, in the changelogs that Kafka Streams keeps of its
 * stores. Every store is taken as it is, whatever its layout, but for what it says of the
 * application's own topics; only in that of the first stage half edges are cut into batches anew,
 * so that it no longer shows where commits fell.
 */
public final class Changelogs {
  private static final String SUFFIX = "-changelog";
  private static final Duration POLL = Duration.ofMillis(200);

  private final Map<String, Object> client;
  private final String prefix;
  private final AggregateSettings aggregate;
  private final SettingsByWindow tenants;

  /**
   * @param application must have ended, having committed all that it did
   */
  public Changelogs(StreamsSettings application) {
    this.client = application.topics().kafkaClient();
    this.prefix = application.applicationId() + "-";
    this.aggregate = application.aggregate();
    this.tenants =
        SettingsByWindow.always(application.tenants()); // what waits does not depend on it
  }

  /** Writes all stores and returns how many partitions each has. */
  public SortedMap<String, Integer> exportTo(SnapshotDirectory directory) {
    SortedMap<String, Integer> stores = new TreeMap<>();
    try (Consumer<byte[], byte[]> consumer = consumer()) {
      for (Map.Entry<String, List<PartitionInfo>> topic : consumer.listTopics().entrySet()) {
        if (topic.getKey().startsWith(prefix) && topic.getKey().endsWith(SUFFIX)) {
          String store =
              topic.getKey().substring(prefix.length(), topic.getKey().length() - SUFFIX.length());
          int partitions = topic.getValue().size();
          for (int partition = 0; partition < partitions; partition++) {
            SortedMap<byte[], byte[]> entries =
                read(consumer, new TopicPartition(topic.getKey(), partition));
            entries.keySet().removeIf(NextOffset::isKey);
            directory.write(
                store,
                partition,
                store.equals(WeirTopology.AGGREGATE_STATE)
                    ? cutAnew(entries, partition, partitions)
                    : entries);
          }
          stores.put(store, partitions);
        }
      }
    }
    return stores;
  }

  private SortedMap<byte[], byte[]> cutAnew(
      SortedMap<byte[], byte[]> entries, int partition, int partitions) {
    if (entries.isEmpty()) {
      return entries;
    }
    Entries anew = new Entries(new TreeMap<>(Arrays::compareUnsigned));
    new PartitionAggregate(
            aggregate, tenants, partition, partitions, new Entries(entries), new NoOutput())
        .writeAnew(anew);
    return anew.entries();
  }

  private Consumer<byte[], byte[]> consumer() {
    Map<String, Object> config = new HashMap<>(client);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static SortedMap<byte[], byte[]> read(
      Consumer<byte[], byte[]> consumer, TopicPartition partition) {
    SortedMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    while (consumer.position(partition) < end) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.value() == null) {
          entries.remove(record.key());
        } else {
          entries.put(record.key(), record.value());
        }
      }
    }
    return entries;
  }

  /**
   * Makes the changelogs of an application that has not run yet, so that it begins with this state.
   *
   * @param sources how many partitions the topic of spans has now
   */
  public void importFrom(SnapshotDirectory directory, Snapshot snapshot, int sources) {
    Map<String, Object> config = new HashMap<>(client);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      snapshot
          .stores()
          .forEach(
              (store, partitions) -> {
                boolean bySource = store.equals(WeirTopology.AGGREGATE_STATE);
                String topic = changelog(store, bySource ? sources : partitions);
                for (int partition = 0; partition < partitions; partition++) {
                  TopicPartition changelog = new TopicPartition(topic, partition);
                  directory.read(store, partition, sendTo(producer, changelog, failure));
                }
              });
      producer.flush();
    }
    Exception first = failure.get();
    if (first != null) {
      throw new KafkaException("the state does not get into the changelogs: " + first, first);
    }
  }

  private String changelog(String store, int partitions) {
    String topic = prefix + store + SUFFIX;
    Topics.ensure(
        client,
        List.of(
            new TopicContract(
                topic,
                partitions,
                Map.of(
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    TopicConfig.CLEANUP_POLICY_COMPACT,
                    TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                    "CreateTime"))));
    return topic;
  }

  private static BiConsumer<byte[], byte[]> sendTo(
      Producer<byte[], byte[]> producer,
      TopicPartition changelog,
      AtomicReference<@Nullable Exception> failure) {
    return (key, value) -> {
      var unused =
          producer.send(
              new ProducerRecord<>(changelog.topic(), changelog.partition(), 0L, key, value),
              (metadata, exception) -> failure.compareAndSet(null, exception));
    };
  }

  /** Entries in memory as the domain sees a store. */
  private record Entries(SortedMap<byte[], byte[]> entries) implements PartitionStore {
    @Override
    public void put(byte[] key, byte[] value) {
      entries.put(key, value);
    }

    @Override
    public void delete(byte[] key) {
      entries.remove(key);
    }

    @Override
    public void forEach(BiConsumer<byte[], byte[]> entry) {
      entries.forEach(entry);
    }
  }
}
