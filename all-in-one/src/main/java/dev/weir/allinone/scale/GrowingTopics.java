package dev.weir.allinone.scale;

import dev.weir.streams.config.StreamsSettings;
import dev.weir.streams.topology.WeirTopology;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;

/** The topics that have as many partitions as that of spans. */
final class GrowingTopics implements AutoCloseable {
  private final Admin admin;
  private final List<String> names;

  GrowingTopics(StreamsSettings settings) {
    this.admin = Admin.create(settings.topics().kafkaClient());
    this.names =
        Stream.concat(
                Stream.of(
                    settings.topics().spans().name(),
                    settings.ledger().name(),
                    settings.deadLetters().name(),
                    settings.decisions().name()),
                WeirTopology.changelogsBesideSpans(settings.applicationId()).stream())
            .toList();
  }

  /** How many partitions they have; a topic that does not exist is missing. */
  Map<String, Integer> partitions() throws ExecutionException, InterruptedException {
    Set<String> existing = admin.listTopics().names().get();
    Map<String, Integer> partitions = new TreeMap<>();
    admin
        .describeTopics(names.stream().filter(existing::contains).toList())
        .allTopicNames()
        .get()
        .forEach((name, topic) -> partitions.put(name, topic.partitions().size()));
    return partitions;
  }

  /** In one request, so that no rebalance finds some of them grown and others not. */
  void grow(Set<String> topics, int partitions) throws ExecutionException, InterruptedException {
    admin
        .createPartitions(
            topics.stream()
                .collect(
                    Collectors.toMap(
                        Function.identity(), name -> NewPartitions.increaseTo(partitions))))
        .all()
        .get();
  }

  @Override
  public void close() {
    admin.close();
  }
}
