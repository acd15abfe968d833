package dev.weir.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicsTest {
  private static final int TOPICS = 20;
  private static final int PARTITIONS = 7;

  @TempDir Path directory;

  @Test
  void shouldMakeTopicsThatTakeRecordsAtTheFirstTry() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
      Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
      for (int topic = 0; topic < TOPICS; topic++) {
        String name = "t" + topic;
        assertThat(Topics.ensure(client, List.of(new TopicContract(name, PARTITIONS, Map.of()))))
            .isEqualTo(Map.of(name, PARTITIONS));
        sendOnce(kafka, name);
      }
    }
  }

  private static void sendOnce(EmbeddedKafka kafka, String topic) throws Exception {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers", kafka.bootstrapServers(),
            "enable.idempotence", "false",
            "retries", "0");
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int partition = 0; partition < PARTITIONS; partition++) {
        sent.add(producer.send(new ProducerRecord<>(topic, partition, null, "v")));
      }
      for (Future<RecordMetadata> record : sent) {
        assertThat(record.get().offset()).isZero();
      }
    }
  }
}
