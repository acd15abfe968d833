package dev.weir.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.allinone.demo.KafkaOutbox;
import dev.weir.allinone.replay.Replay;
import dev.weir.allinone.replay.ReplaySettings;
import dev.weir.allinone.terminal.Terminal;
import dev.weir.app.settings.Settings;
import dev.weir.app.settings.SettingsLoader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same log gives the same samples, to the bit: computed again from its beginning, beside the
 * live application.
 */
class ReplayIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path directory;

  @Test
  void shouldComputeTheSameBytesAgain() throws Exception {
    try (DataDirectory data = DataDirectory.open(directory.resolve("weir-data"));
        AllInOne weir = start(data);
        TestTraffic traffic = new TestTraffic(weir.otlpGrpcUrl())) {
      weir.awaitReady(new CountDownLatch(1));
      for (int round = 0; round < 5; round++) {
        traffic.send(200);
        awaitAnotherWindow(weir);
      }
      assertThat(replay(weir)).isZero();

      appendToOutbox(weir);
      assertThat(replay(weir)).isEqualTo(1);
    }
  }

  private static void awaitAnotherWindow(AllInOne weir) {
    long before = weir.completeThrough().orElse(0);
    await().atMost(PATIENCE).until(() -> weir.completeThrough().orElse(0) > before);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                !new KafkaOutbox(weir.settings().kafkaClient(), "weir.samples")
                    .latestSince(before)
                    .isEmpty());
  }

  private int replay(AllInOne weir) throws InterruptedException {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--kafka-bootstrap-servers",
                weir.settings().kafkaClient().get("bootstrap.servers").toString()));
    flags.addAll(List.of("--shards", "2", "--window", "1s", "--patience", "15s"));
    Settings settings =
        SettingsLoader.load(ReplaySettings.define(new ConfigDef()), flags, Map.of());
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return new Replay(ReplaySettings.from(settings), Terminal.plain(nowhere, nowhere)).run();
  }

  /** What nobody has computed. */
  private static void appendToOutbox(AllInOne weir) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            weir.settings().kafkaClient(), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  "weir.samples", 0, "single-tenant".getBytes(StandardCharsets.UTF_8), new byte[0]))
          .get();
    }
  }

  private AllInOne start(DataDirectory data) {
    List<String> flags =
        List.of(
            "--data-dir",
            directory.resolve("weir-data").toString(),
            "--kafka-port",
            "0",
            "--http-port",
            "0",
            "--otlp-grpc-port",
            "0",
            "--otlp-http-port",
            "0",
            "--window",
            "1s");
    SettingsSource source = SettingsSource.read(Command.UP, flags, Map.of());
    return AllInOne.start(source, source.ports(), data, true);
  }
}
