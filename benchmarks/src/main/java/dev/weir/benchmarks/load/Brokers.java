package dev.weir.benchmarks.load;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What the load command asks the broker. */
final class Brokers implements AutoCloseable {
  private final Admin admin;

  Brokers(String bootstrapServers) {
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  /** Where each partition of a topic ends now. */
  Map<TopicPartition, Long> ends(String topic) throws ExecutionException, InterruptedException {
    List<TopicPartition> partitions =
        admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
            .flatMap(description -> description.partitions().stream())
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    return admin
        .listOffsets(
            partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())))
        .all()
        .get()
        .entrySet()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
  }

  /** Records up to {@code ends} that the group has not committed yet. */
  long lag(String group, Map<TopicPartition, Long> ends)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    return ends.entrySet().stream()
        .mapToLong(end -> Math.max(0, end.getValue() - offset(committed.get(end.getKey()))))
        .sum();
  }

  private static long offset(@Nullable OffsetAndMetadata committed) {
    return committed == null ? 0 : committed.offset();
  }

  /** Deletes every topic but one and the broker's own, so that each run begins alike. */
  void deleteTopicsExcept(String kept) throws ExecutionException, InterruptedException {
    Set<String> topics = admin.listTopics().names().get();
    admin.deleteTopics(topics.stream().filter(topic -> !topic.equals(kept)).toList()).all().get();
  }

  @Override
  public void close() {
    admin.close();
  }
}
