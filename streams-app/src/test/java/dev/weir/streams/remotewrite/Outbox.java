package dev.weir.streams.remotewrite;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.schemas.remotewrite.v2.Request;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** An outbox topic of a real broker, written as the topology writes it: in transactions. */
final class Outbox implements AutoCloseable {
  /** One record. */
  record Entry(int partition, Request request) {}

  private final String topic;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;

  Outbox(EmbeddedKafka kafka, String topic, int partitions) throws Exception {
    this.topic = topic;
    Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
    admin = Admin.create(client);
    admin
        .createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
        .all()
        .get();
    Map<String, Object> transactional = new HashMap<>(client);
    transactional.put("transactional.id", topic);
    producer =
        new KafkaProducer<>(transactional, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
  }

  String topic() {
    return topic;
  }

  /** Several records in one transaction. */
  void writeAll(List<Entry> entries) throws Exception {
    producer.beginTransaction();
    for (Entry entry : entries) {
      send(entry.partition(), "acme", entry.request().toByteArray());
    }
    producer.commitTransaction();
  }

  /** One transaction; returns the record's offset. */
  long write(int partition, String tenant, Request request) throws Exception {
    return write(partition, tenant, request.toByteArray());
  }

  long write(int partition, String tenant, byte[] value) throws Exception {
    producer.beginTransaction();
    long offset = send(partition, tenant, value);
    producer.commitTransaction();
    return offset;
  }

  void writeAndAbort(int partition, String tenant, Request request) throws Exception {
    producer.beginTransaction();
    send(partition, tenant, request.toByteArray());
    producer.abortTransaction();
  }

  /** What retention does in time. */
  void removeBefore(int partition, long offset) throws Exception {
    admin
        .deleteRecords(Map.of(partition(partition), RecordsToDelete.beforeOffset(offset)))
        .all()
        .get();
  }

  /** The offset that a group goes on at. */
  long committed(String group, int partition) {
    try {
      OffsetAndMetadata offset =
          admin
              .listConsumerGroupOffsets(group)
              .partitionsToOffsetAndMetadata()
              .get()
              .get(partition(partition));
      return offset == null ? -1 : offset.offset();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  long end(int partition) throws Exception {
    return admin
        .listOffsets(Map.of(partition(partition), OffsetSpec.latest()))
        .all()
        .get()
        .get(partition(partition))
        .offset();
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
  }

  private long send(int partition, String tenant, byte[] value) throws Exception {
    byte[] key = tenant.getBytes(StandardCharsets.UTF_8);
    return producer.send(new ProducerRecord<>(topic, partition, key, value)).get().offset();
  }

  private TopicPartition partition(int partition) {
    return new TopicPartition(topic, partition);
  }
}
