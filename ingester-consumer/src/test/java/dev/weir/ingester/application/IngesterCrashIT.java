package dev.weir.ingester.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.ingester.fixture.OtlpSpans;
import dev.weir.ingester.trace.TraceId;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.schemas.topic.TopicContract;
import dev.weir.schemas.topic.Topics;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ingester as a process of its own that is killed without warning, again and again. */
class IngesterCrashIT {
  private static final int TRACES = 100;
  private static final int ROUNDS = 2;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path directory;

  @Test
  void shouldLoseNoSpanAndShowNoneTwice() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0)) {
      Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
      Topics.ensure(client, List.of(TopicContract.spans("spans", 2, Duration.ofHours(1))));
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
        for (int round = 0; round < ROUNDS; round++) {
          killAmidst(kafka, producer, round);
        }
      }
      try (Ingester ingester = new Ingester(kafka, directory)) {
        ingester.awaitSpans(trace(TRACES - 1), ROUNDS);
        for (int i = 0; i < TRACES; i++) {
          ingester.awaitSpans(trace(i), ROUNDS);
        }
      }
    }
  }

  /** Sends one span of each trace; kills the ingester when it has read some of them. */
  private void killAmidst(EmbeddedKafka kafka, KafkaProducer<byte[], byte[]> producer, int round)
      throws Exception {
    try (Ingester ingester = new Ingester(kafka, directory)) {
      ingester.awaitUp();
      Future<RecordMetadata> last = null;
      for (int i = 0; i < TRACES; i++) {
        byte[] value =
            OtlpSpans.of("s", OtlpSpans.span(trace(i), round, "r" + round)).toByteArray();
        last = producer.send(new ProducerRecord<>("spans", i % 2, null, value));
        if (i == TRACES / 2) {
          last.get();
          ingester.awaitSpans(trace(i), round + 1);
        }
      }
      last.get();
    }
  }

  private static TraceId trace(int number) {
    return new TraceId(9, number + 1);
  }

  private static final class Ingester implements AutoCloseable {
    private final Process process;
    private final int port;

    Ingester(EmbeddedKafka kafka, Path directory) throws Exception {
      try (ServerSocket free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  IngesterMain.class.getName(),
                  "--kafka-bootstrap-servers=" + kafka.bootstrapServers(),
                  "--kafka-session-timeout-ms=6000", // the dead member must leave the group soon
                  "--spans-topic=spans",
                  "--ingester-segment-max-age=100ms",
                  "--backend-local-path=" + directory.resolve("traces"),
                  "--http-host=127.0.0.1",
                  "--http-port=" + port)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("ingester.log").toFile())
              .start();
    }

    void awaitUp() {
      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptionsInstanceOf(ConnectException.class)
          .until(() -> get("/live").equals("live\n"));
    }

    void awaitSpans(TraceId trace, int spans) {
      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptionsInstanceOf(ConnectException.class)
          .untilAsserted(
              () ->
                  assertThat(get("/api/v2/traces/" + trace).split("\"spanId\"", -1))
                      .hasSize(spans + 1));
    }

    private String get(String path) throws Exception {
      URI uri = URI.create("http://127.0.0.1:" + port + path);
      return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }

    /** SIGKILL. */
    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }
}
