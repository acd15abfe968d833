package dev.weir.ingester.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.app.endpoints.HttpServer;
import dev.weir.app.lifecycle.Readiness;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.ingester.backend.Backend;
import dev.weir.ingester.backend.local.LocalBackend;
import dev.weir.ingester.config.IngesterSettings;
import dev.weir.ingester.fixture.MemoryBackend;
import dev.weir.ingester.fixture.OtlpSpans;
import dev.weir.ingester.trace.TraceId;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.schemas.topic.TopicContract;
import dev.weir.schemas.topic.Topics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The whole ingester on a real broker. */
class IngesterAppTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static EmbeddedKafka kafka;

  @TempDir static Path brokerDirectory;
  @TempDir Path traces;

  private String topic;
  private PrometheusMeterRegistry registry;

  @BeforeAll
  static void startBroker() {
    kafka = EmbeddedKafka.start(brokerDirectory, 0);
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
  }

  @BeforeEach
  void makeTopic(TestInfo test) {
    topic = test.getTestMethod().orElseThrow().getName();
    Topics.ensure(client(), List.of(TopicContract.spans(topic, 2, Duration.ofHours(1))));
  }

  @Test
  void shouldAnswerFromLiveTracesThenFromTheBackendThenAfterARestart() throws Exception {
    TraceId trace = new TraceId(7, 1);
    try (Running ingester = run("--ingester-segment-max-age=1h")) {
      send(0, trace, "first");
      send(1, trace, "second");
      ingester.awaitTrace(trace, "first", "second");
      assertThat(segmentFiles()).isEmpty();
      assertThat(committed(0)).isNegative();
    }
    assertThat(segmentFiles()).hasSize(2);
    assertThat(committed(0)).isEqualTo(1);
    assertThat(committed(1)).isEqualTo(1);
    try (Running ingester = run("--ingester-segment-max-age=100ms")) {
      assertThat(ingester.get(trace, "?mode=blocks")).contains("first", "second");
      send(0, trace, "third");
      await().atMost(PATIENCE).until(() -> committed(0) == 2);
      assertThat(ingester.get(trace, "?mode=blocks")).contains("first", "second", "third");
      assertThat(ingester.get(trace, "?mode=ingesters")).doesNotContain("third");
    }
    assertThat(registry.get("weir.ingester.records.read").counter().count()).isEqualTo(1);
  }

  @Test
  void shouldCommitOnlyWhatIsInTheBackend() throws Exception {
    MemoryBackend backend = new MemoryBackend();
    TraceId trace = new TraceId(7, 2);
    backend.failing(false);
    try (Running ingester = run(backend, Clock.systemUTC(), "--ingester-segment-max-age=100ms")) {
      ingester.awaitReady();
      backend.failing(true);
      send(0, trace, "a");
      await().atMost(PATIENCE).until(() -> backend.refusedPuts() >= 2);
      send(0, trace, "b"); // it reads on while a segment waits
      ingester.awaitLive(trace, "a", "b");
      assertThat(committed(0)).isNegative();
      assertThat(ingester.app.readiness().checks())
          .contains(new Readiness.Check("backend", false, "the backend fails as told"));

      backend.failing(false);
      await().atMost(PATIENCE).until(() -> committed(0) == 2);
      assertThat(ingester.get(trace, "?mode=blocks")).contains("\"a\"", "\"b\"");
      ingester.awaitReady();
    }
  }

  @Test
  void shouldReadAgainWhatWasNotWrittenBeforeItStopped() throws Exception {
    TraceId trace = new TraceId(7, 3);
    MemoryBackend backend = new MemoryBackend();
    try (Running ingester =
        run(
            backend,
            Clock.systemUTC(),
            "--ingester-segment-max-age=1h",
            "--ingester-shutdown-timeout=1s")) {
      send(0, trace, "a");
      ingester.awaitTrace(trace, "a");
      backend.failing(true);
    }
    assertThat(committed(0)).isNegative();
    backend.failing(false);
    try (Running ingester = run(backend, Clock.systemUTC(), "--ingester-segment-max-age=1h")) {
      ingester.awaitTrace(trace, "a");
    }
    assertThat(committed(0)).isEqualTo(1);
  }

  @Test
  void shouldPauseWhenMemoryIsFullAndLoseNothing() throws Exception {
    MemoryBackend backend = new MemoryBackend();
    TraceId trace = new TraceId(7, 4);
    try (Running ingester =
        run(
            backend,
            Clock.systemUTC(),
            "--ingester-segment-max-age=1h",
            "--ingester-segment-max-size=2000",
            "--ingester-live-max-size=4000",
            "--kafka-max-poll-records=1")) {
      ingester.awaitReady();
      backend.failing(true);
      for (int i = 0; i < 40; i++) {
        send(0, trace, i, "span-" + i + "-" + "x".repeat(500));
      }
      await().atMost(PATIENCE).until(() -> backend.refusedPuts() >= 3);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(gauge("weir.ingester.live.bytes")).isBetween(4000.0, 8000.0));
      assertThat(registry.get("weir.ingester.records.read").counter().count()).isLessThan(20);
      await()
          .atMost(PATIENCE)
          .until(() -> lag(0) + registry.get("weir.ingester.records.read").counter().count() == 40);

      backend.failing(false);
      await().atMost(PATIENCE).until(() -> committed(0) >= 35);
      assertThat(ingester.get(trace, "")).contains("span-0-", "span-20-", "span-39-");
    }
  }

  @Test
  void shouldHandPartitionsOverToAnotherInstance() throws Exception {
    TraceId trace = new TraceId(7, 5);
    try (Running first = run("--ingester-segment-max-age=1h")) {
      first.awaitReady();
      send(0, trace, "a");
      send(1, trace, "b");
      first.awaitTrace(trace, "a", "b");
      try (Running second = run("--ingester-segment-max-age=1h")) {
        await()
            .atMost(PATIENCE)
            .until(() -> second.detail("kafka").equals("1 partitions assigned"));
        await().atMost(PATIENCE).until(() -> first.detail("kafka").equals("1 partitions assigned"));
        assertThat(committed(0) + committed(1)).isEqualTo(0); // one of them was handed over: 1 - 1
        first.awaitTrace(trace, "a", "b");
      }
    }
    assertThat(committed(0)).isEqualTo(1);
    assertThat(committed(1)).isEqualTo(1);
    assertThat(segmentFiles()).hasSize(2);
  }

  @Test
  void shouldDeleteSegmentsAfterTheirRetention() throws Exception {
    TraceId trace = new TraceId(7, 6);
    LocalBackend backend = new LocalBackend(traces);
    backend.open();
    try (Running ingester = run("--ingester-segment-max-age=1h")) {
      send(0, trace, "a");
      ingester.awaitTrace(trace, "a");
    }
    InstantSource later = InstantSource.offset(Clock.systemUTC(), Duration.ofHours(49));
    try (Running ingester = run(backend, later, "--ingester-segment-max-age=1h")) {
      ingester.app.housekeeping().run();
      assertThat(ingester.get(trace, "")).isEqualTo("{\"trace\":{},\"metrics\":{}}");
    }
    assertThat(segmentFiles()).isEmpty();
  }

  @Test
  void shouldNameABackendPathThatCannotBeUsed() throws Exception {
    Path file = Files.writeString(traces.resolve("file"), "");
    try (IngesterApp app =
        new IngesterApp(
            settings("--backend-local-path=" + file),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))) {
      assertThatThrownBy(app::start)
          .isInstanceOf(InvalidSettingsException.class)
          .hasMessageStartingWith("backend.local.path=" + file);
    }
  }

  @Test
  void shouldStopAtOnceWhenNoBrokerAnswers() throws Exception {
    IngesterApp app =
        new IngesterApp(
            settings("--kafka-bootstrap-servers=127.0.0.1:1"),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    app.start();
    assertThat(app.readiness().checks()).extracting(Readiness.Check::ready).contains(false);
    app.close();
    app.close();
  }

  private Running run(String... flags) {
    registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    return new Running(new IngesterApp(settings(flags), registry));
  }

  private Running run(Backend backend, InstantSource clock, String... flags) {
    registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    return new Running(new IngesterApp(settings(flags), registry, clock, backend, () -> {}));
  }

  private IngesterSettings settings(String... flags) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--kafka-bootstrap-servers=" + kafka.bootstrapServers(),
                "--spans-topic=" + topic,
                "--ingester-group-id=" + topic,
                "--backend-local-path=" + traces));
    all.addAll(List.of(flags));
    return IngesterSettings.from(
        SettingsLoader.load(IngesterSettings.define(new ConfigDef()), all, Map.of()));
  }

  private void send(int partition, TraceId trace, String name) throws Exception {
    send(partition, trace, name.hashCode(), name);
  }

  private void send(int partition, TraceId trace, long spanId, String name) throws Exception {
    byte[] value = OtlpSpans.of("shop", OtlpSpans.span(trace, spanId, name)).toByteArray();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, partition, null, value)).get();
    }
  }

  /** The committed offset; -1 if there is none. */
  private long committed(int partition) throws Exception {
    try (Admin admin = Admin.create(client())) {
      OffsetAndMetadata offset =
          admin
              .listConsumerGroupOffsets(topic)
              .partitionsToOffsetAndMetadata()
              .get()
              .get(new TopicPartition(topic, partition));
      return offset == null ? -1 : offset.offset();
    }
  }

  private List<Path> segmentFiles() throws Exception {
    try (var files = Files.walk(traces)) {
      return files.filter(file -> file.toString().endsWith(".segment")).toList();
    }
  }

  private double lag(int partition) {
    return registry
        .get("weir.ingester.lag")
        .tag("partition", Integer.toString(partition))
        .gauge()
        .value();
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private static Map<String, Object> client() {
    return Map.of("bootstrap.servers", kafka.bootstrapServers());
  }

  /** An ingester that has been started, and its HTTP server. */
  private static final class Running implements AutoCloseable {
    private final IngesterApp app;
    private final HttpServer server;

    Running(IngesterApp app) {
      this.app = app;
      this.server = HttpServer.start("http.port", "127.0.0.1", 0, Map.of(), app.httpBeans());
      app.start();
    }

    void awaitReady() {
      await()
          .atMost(PATIENCE)
          .until(() -> app.readiness().checks().stream().allMatch(Readiness.Check::ready));
    }

    void awaitTrace(TraceId trace, String... names) {
      awaitNames(trace, "", names);
    }

    void awaitLive(TraceId trace, String... names) {
      awaitNames(trace, "?mode=ingesters", names);
    }

    /** In quotes, since any answer has an a in it. */
    private void awaitNames(TraceId trace, String query, String... names) {
      String[] quoted = Arrays.stream(names).map(name -> '"' + name + '"').toArray(String[]::new);
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(get(trace, query)).contains(quoted));
    }

    String detail(String check) {
      return app.readiness().checks().stream()
          .filter(part -> part.name().equals(check))
          .findFirst()
          .orElseThrow()
          .detail();
    }

    String get(TraceId trace, String query) throws Exception {
      URI uri = URI.create("http://127.0.0.1:" + server.port() + "/api/v2/traces/" + trace + query);
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }

    @Override
    public void close() {
      app.close();
      server.close();
    }
  }
}
