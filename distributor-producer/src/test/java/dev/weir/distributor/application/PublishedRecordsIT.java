package dev.weir.distributor.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import dev.weir.kafka.EmbeddedKafka;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other readers find in the topic, and what the broker may object to. */
class PublishedRecordsIT {
  private static EmbeddedKafka kafka;

  @BeforeAll
  static void startKafka(@TempDir Path directory) {
    kafka = EmbeddedKafka.start(directory, 0);
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  @Test
  void shouldWriteTemposRecordsIfAskedTo() throws Exception {
    try (RunningDistributor distributor =
        RunningDistributor.startReady(
            kafka.bootstrapServers(), "--spans-codec=push-bytes", "--spans-partitions=1")) {
      assertThat(distributor.post(SomeRequest.withSpans(2)).statusCode()).isEqualTo(200);
      assertThat(distributor.records()).hasSize(1);
      CodedInputStream in = CodedInputStream.newInstance(distributor.records().get(0).value());
      for (int trace = 1; trace <= 2; trace++) {
        assertThat(in.readTag()).isEqualTo(0x12);
        assertThat(TracesData.parseFrom(in.readByteArray()).toString()).contains("span " + trace);
      }
      for (int trace = 1; trace <= 2; trace++) {
        assertThat(in.readTag()).isEqualTo(0x1A);
        assertThat(in.readByteArray()).hasSize(16).endsWith(trace);
      }
      assertThat(in.isAtEnd()).isTrue();
    }
  }

  @Test
  void shouldLeaveTheTimeOfRecordsToTheBroker() {
    try (RunningDistributor distributor = RunningDistributor.startReady(kafka.bootstrapServers())) {
      assertThat(distributor.post(SomeRequest.withSpans(1)).statusCode()).isEqualTo(200);
      assertThat(distributor.records().get(0).timestampType())
          .isEqualTo(TimestampType.LOG_APPEND_TIME);
    }
  }

  @Test
  void shouldSplitWhatIsTooLargeForOneRecord() throws Exception {
    try (RunningDistributor distributor =
        RunningDistributor.startReady(
            kafka.bootstrapServers(), "--spans-partitions=1", "--producer-max-record-size=65536")) {
      assertThat(distributor.post(SomeRequest.withSpans(5_000)).statusCode()).isEqualTo(200);
      assertThat(distributor.records())
          .hasSizeGreaterThan(2)
          .allMatch(record -> record.value().length <= 65_536);
      assertThat(distributor.spans()).hasSize(5_000);
    }
  }

  @Test
  void shouldNameTheLimitOfTheTopicThatARecordExceeds() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic("narrow", 1, (short) 1)
                      .configs(Map.of("max.message.bytes", "2000"))))
          .all()
          .get();
    }
    try (RunningDistributor distributor =
        RunningDistributor.startReady(
            kafka.bootstrapServers(), "--spans-topic=narrow", "--producer-compression=none")) {
      HttpResponse<byte[]> response = distributor.post(SomeRequest.withSpanOf(3_000));
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(new String(response.body(), StandardCharsets.UTF_8))
          .contains("the topic's max.message.bytes may be too low");
      assertThat(
              distributor.count("weir.distributor.produce.failures", "reason", "record-too-large"))
          .isEqualTo(1);
      assertThat(distributor.isReady()).isTrue();
    }
  }
}
