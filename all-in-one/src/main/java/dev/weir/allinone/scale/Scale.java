package dev.weir.allinone.scale;

import dev.weir.allinone.terminal.Terminal;
import dev.weir.app.topics.TopicSettings;
import dev.weir.schemas.topic.GrowthMark;
import dev.weir.streams.config.IdlePartitions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Gives the topic of spans more partitions, and every topic that must have as many, while
 * everything runs. The order makes it exact: first a mark in every partition that there is says how
 * many there will be, then they are made, all at once. Whoever has read past the marks waits for
 * the new partitions, and nothing can be in these before. Each step can be repeated, so the command
 * can be run again after it was interrupted anywhere.
 */
public final class Scale {
  private static final int DONE = 0;
  private static final int CANNOT = 1;

  private final ScaleSettings settings;
  private final Terminal terminal;
  private final String spans;

  public Scale(ScaleSettings settings, Terminal terminal) {
    this.settings = settings;
    this.terminal = terminal;
    this.spans = settings.streams().topics().spans().name();
  }

  /** Does it and returns the exit code. */
  public int run() throws InterruptedException {
    try (GrowingTopics topics = new GrowingTopics(settings.streams())) {
      Map<String, Integer> there = topics.partitions();
      String obstacle = obstacle(there);
      if (!obstacle.isEmpty()) {
        terminal.error(obstacle);
        return CANNOT;
      }
      grow(topics, there);
      return DONE;
    } catch (ExecutionException e) {
      terminal.error("partitions cannot be added: " + e.getCause());
      return CANNOT;
    }
  }

  private String obstacle(Map<String, Integer> there) {
    int partitions = settings.partitions();
    Integer current = there.get(spans);
    if (current == null) {
      return "%s does not exist: it is made with spans.partitions".formatted(spans);
    }
    if (settings.streams().idle() != IdlePartitions.MARKED && current != partitions) {
      return "idle.marks=false: %s is not Weir's to write; let its owner add partitions, then say --partitions with their number here"
          .formatted(spans);
    }
    for (Map.Entry<String, Integer> topic : there.entrySet()) {
      if (topic.getValue() > partitions) {
        return "partitions=%d: %s has %d, and Kafka cannot take partitions away"
            .formatted(partitions, topic.getKey(), topic.getValue());
      }
    }
    return "";
  }

  private void grow(GrowingTopics topics, Map<String, Integer> there)
      throws ExecutionException, InterruptedException {
    int partitions = settings.partitions();
    int before = there.values().stream().mapToInt(Integer::intValue).min().orElseThrow();
    if (before == partitions) {
      terminal.step("%s and what belongs to it have %d partitions".formatted(spans, partitions));
      return;
    }
    GrowthMark mark = new GrowthMark(before, partitions);
    write(mark, 0, there.getOrDefault(spans, 0));
    terminal.step("Marked the end of %d partitions in %s".formatted(before, spans));
    Map<String, Integer> lagging = new TreeMap<>(there);
    lagging.values().removeIf(count -> count == partitions);
    topics.grow(lagging.keySet(), partitions);
    terminal.step("%d partitions: %s".formatted(partitions, String.join(", ", lagging.keySet())));
    write(mark, there.getOrDefault(spans, 0), partitions);
    terminal.step("The applications find the new partitions within half a minute");
  }

  /** To the partitions from {@code first} to {@code end}, the latter exclusive. */
  private void write(GrowthMark mark, int first, int end)
      throws ExecutionException, InterruptedException {
    if (settings.streams().idle() != IdlePartitions.MARKED) {
      return;
    }
    Map<String, Object> client = new HashMap<>(settings.streams().topics().kafkaClient());
    client.put(ProducerConfig.ACKS_CONFIG, "all");
    byte[] tenant = TopicSettings.SINGLE_TENANT.getBytes(StandardCharsets.UTF_8);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<?>> written = new ArrayList<>();
      for (int partition = first; partition < end; partition++) {
        written.add(producer.send(mark.forPartition(spans, partition, tenant)));
      }
      for (Future<?> one : written) {
        one.get();
      }
    }
  }
}
