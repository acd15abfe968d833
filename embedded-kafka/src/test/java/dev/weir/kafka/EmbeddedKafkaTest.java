package dev.weir.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {
  @TempDir Path directory;

  @Test
  void shouldKeepRecordsOverARestart() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
      createTopic(kafka);
      send(kafka);
    }
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
      send(kafka);
      assertThat(endOffset(kafka)).isEqualTo(2);
      assertThatThrownBy(() -> EmbeddedKafka.start(directory, kafka.port()).close())
          .hasMessageContaining("port " + kafka.port() + " is taken");
    }
  }

  private static void createTopic(EmbeddedKafka kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic("t", Optional.of(1), Optional.empty()))).all().get();
    }
  }

  private static void send(EmbeddedKafka kafka) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>("t", "v")).get();
    }
  }

  private static long endOffset(EmbeddedKafka kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      TopicPartition partition = new TopicPartition("t", 0);
      return admin
          .listOffsets(Map.of(partition, OffsetSpec.latest()))
          .all()
          .get()
          .get(partition)
          .offset();
    }
  }
}
