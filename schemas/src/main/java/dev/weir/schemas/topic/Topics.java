package dev.weir.schemas.topic;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes the topics that an application needs and tells what they are like. */
public final class Topics {
  private Topics() {}

  /**
   * Creates those of {@code contracts} that do not exist, and waits until their partitions have
   * leaders that take records; one that exists is left as it is.
   *
   * @param client configuration for Kafka's admin client
   * @return the number of partitions by topic name, as the broker has them
   * @throws KafkaException if the broker does not answer within the client's timeouts, or refuses
   */
  public static Map<String, Integer> ensure(
      Map<String, Object> client, Collection<TopicContract> contracts) {
    try (Admin admin = Admin.create(client)) {
      Set<String> existing = admin.listTopics().names().get();
      List<NewTopic> missing =
          contracts.stream()
              .filter(contract -> !existing.contains(contract.name()))
              .map(
                  contract ->
                      new NewTopic(
                              contract.name(), Optional.of(contract.partitions()), Optional.empty())
                          .configs(contract.configs()))
              .toList();
      create(admin, missing);
      Map<String, Integer> partitions =
          partitions(admin, contracts.stream().map(TopicContract::name).toList());
      awaitLeaders(admin, missing, partitions);
      return partitions;
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw new KafkaException("topics cannot be made or read: " + e.getCause(), e.getCause());
    }
  }

  /**
   * Whether the records of a topic have their producers' time ({@code CreateTime}) rather than the
   * broker's.
   *
   * @throws KafkaException if the broker does not answer within the client's timeouts, or refuses
   */
  public static boolean haveProducersTime(Map<String, Object> client, String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try (Admin admin = Admin.create(client)) {
      return admin.describeConfigs(List.of(resource)).all().get().values().stream()
          .flatMap(config -> config.entries().stream())
          .filter(entry -> entry.name().equals(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG))
          .anyMatch(entry -> entry.value().equals("CreateTime"));
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw new KafkaException(
          "the configuration of topic %s cannot be read: %s".formatted(topic, e.getCause()),
          e.getCause());
    }
  }

  private static void create(Admin admin, List<NewTopic> missing)
      throws InterruptedException, ExecutionException {
    try {
      admin.createTopics(missing).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) { // another application was faster
        throw e;
      }
    }
  }

  /**
   * A broker tells of a partition before it leads it. If it refuses the first batch of an
   * idempotent producer but takes the second one, which was under way, it never takes the first.
   */
  private static void awaitLeaders(
      Admin admin, List<NewTopic> topics, Map<String, Integer> partitions)
      throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (NewTopic topic : topics) {
      for (int partition = 0; partition < partitions.getOrDefault(topic.name(), 0); partition++) {
        ends.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
      }
    }
    admin.listOffsets(ends).all().get(); // only a leader answers
  }

  private static Map<String, Integer> partitions(Admin admin, List<String> names)
      throws InterruptedException, ExecutionException {
    while (true) {
      try {
        Map<String, TopicDescription> topics = admin.describeTopics(names).allTopicNames().get();
        return topics.values().stream()
            .collect(
                java.util.stream.Collectors.toUnmodifiableMap(
                    TopicDescription::name, topic -> topic.partitions().size()));
      } catch (ExecutionException e) {
        if (!(e.getCause()
            instanceof
            UnknownTopicOrPartitionException)) { // a new topic reaches the brokers' metadata a
          // moment later
          throw e;
        }
        Thread.sleep(50);
      }
    }
  }
}
