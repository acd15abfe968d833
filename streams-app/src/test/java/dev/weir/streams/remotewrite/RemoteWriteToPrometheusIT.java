package dev.weir.streams.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.schemas.remotewrite.v2.BucketSpan;
import dev.weir.schemas.remotewrite.v2.Exemplar;
import dev.weir.schemas.remotewrite.v2.Histogram;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.testing.PrometheusServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** With every Prometheus there is, and both protocols. */
class RemoteWriteToPrometheusIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final double STALE = Double.longBitsToDouble(0x7ff0000000000002L);

  @TempDir static Path directory;
  private static EmbeddedKafka kafka;
  private static int topics;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(300);
  @TempDir Path data;

  @BeforeAll
  static void startBroker() {
    if (!PrometheusServer.isAvailable()) {
      LoggerFactory.getLogger(RemoteWriteToPrometheusIT.class)
          .warn("SKIPPED: {}", PrometheusServer.HOW_TO_PROVIDE);
    }
    assumeTrue(PrometheusServer.isAvailable(), PrometheusServer.HOW_TO_PROVIDE);
    kafka = EmbeddedKafka.start(directory, 0);
  }

  @AfterAll
  static void stopBroker() {
    if (kafka != null) {
      kafka.close();
    }
  }

  static Stream<Arguments> binariesAndVersions() {
    return PrometheusServer.binaries()
        .flatMap(
            binary ->
                Stream.of(RemoteWriteVersion.values())
                    .map(version -> Arguments.of(binary, version)));
  }

  @ParameterizedTest
  @MethodSource("binariesAndVersions")
  void shouldArriveToTheLastBit(Path binary, RemoteWriteVersion version) throws Exception {
    try (PrometheusServer prometheus = PrometheusServer.start(binary, data);
        Outbox outbox = outbox()) {
      Random random = new Random(7);
      List<Double> values = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        values.add(random.nextGaussian() * 1e9);
        outbox.write(0, "acme", Requests.floats(at(15 * i), values.get(i), "a"));
      }
      outbox.write(1, "acme", gone());
      outbox.write(2, "acme", rich());

      deliver(outbox, prometheus, version, "group");

      assertThat(prometheus.queryAt("a[1h]", start.plusSeconds(300)))
          .extracting(PrometheusServer.Sample::value)
          .isEqualTo(values);
      assertThat(prometheus.queryAt("gone", start.plusSeconds(20))).hasSize(1);
      assertThat(prometheus.queryAt("gone", start.plusSeconds(40))).isEmpty();
      assertThat(prometheus.queryAt("histogram_count(latency)", start.plusSeconds(60)))
          .extracting(PrometheusServer.Sample::value)
          .containsExactly(4.0);
      assertThat(
              prometheus.get(
                  "query_exemplars?query=calls&start=" + at(0) / 1000 + "&end=" + at(300) / 1000))
          .asString()
          .contains("\"trace_id\":\"abc\"");
      boolean understands2 = !buildVersion(prometheus).startsWith("2.");
      assertThat(counter("weir.sender.fallbacks"))
          .isEqualTo(version == RemoteWriteVersion.V2 && !understands2 ? 1 : 0);
    }
  }

  @ParameterizedTest
  @MethodSource("binariesAndVersions")
  void shouldLoseNothingWhenPrometheusRestarts(Path binary, RemoteWriteVersion version)
      throws Exception {
    try (PrometheusServer prometheus = PrometheusServer.start(binary, data);
        Outbox outbox = outbox();
        RemoteWriteSender sender = sender(outbox, prometheus, version, "group")) {
      sender.start();
      write(outbox, 0, 30);
      await().atMost(PATIENCE).until(() -> counter("weir.sender.samples.sent") >= 10);
      prometheus.stop();
      write(outbox, 30, 60);
      await().atMost(PATIENCE).until(() -> counter("weir.sender.retries") > 0);
      prometheus.start();
      write(outbox, 60, 90);

      await().atMost(PATIENCE).until(() -> counter("weir.sender.samples.sent") >= 90);
      for (int shard = 0; shard < 3; shard++) {
        assertThat(prometheus.queryAt("s" + shard + "[1h]", start.plusSeconds(300)))
            .extracting(PrometheusServer.Sample::value)
            .isEqualTo(numbers(shard));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("binariesAndVersions")
  void shouldChangeNothingByDeliveringAgain(Path binary, RemoteWriteVersion version)
      throws Exception {
    try (PrometheusServer prometheus = PrometheusServer.start(binary, data)) {
      deliverTwice(prometheus, version);
    }
  }

  /** Then Prometheus refuses most of it, sample by sample. */
  @ParameterizedTest
  @MethodSource("binariesAndVersions")
  void shouldChangeNothingByDeliveringAgainWithoutOutOfOrderWindow(
      Path binary, RemoteWriteVersion version) throws Exception {
    try (PrometheusServer prometheus = PrometheusServer.start(binary, data, Duration.ZERO)) {
      deliverTwice(prometheus, version);

      assertThat(counter("weir.sender.samples.repeated")).isGreaterThanOrEqualTo(87);
      assertThat(
              registry
                  .get("weir.sender.samples.refused")
                  .tag("reason", "invalid")
                  .counter()
                  .count())
          .isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("binariesAndVersions")
  void shouldAnswerQuantilesOfNativeHistograms(Path binary, RemoteWriteVersion version)
      throws Exception {
    try (PrometheusServer prometheus = PrometheusServer.start(binary, data);
        Outbox outbox = outbox()) {
      Latencies latencies = new Latencies(start.toEpochMilli());
      for (int window = 0; window < 12; window++) {
        outbox.write(0, "acme", latencies.window(window, false));
        outbox.write(1, "acme", latencies.window(window, true));
      }
      outbox.write(0, "acme", latencies.stale(12));

      deliver(outbox, prometheus, version, "group");

      Instant end = latencies.end(11);
      for (String weight : List.of("1", "1.5")) {
        String series = "traces_spanmetrics_latency{weight=\"%s\"}".formatted(weight);
        double count = 10 * Double.parseDouble(weight);
        assertThat(value(prometheus, "histogram_count(increase(" + series + "[1m]))", end))
            .isCloseTo(4 * count, within(1e-6));
        assertThat(value(prometheus, "histogram_quantile(0.5,rate(" + series + "[1m]))", end))
            .isBetween(0.096, 0.106); // the bucket of 0.1
        assertThat(value(prometheus, "histogram_sum(" + series + ")", end))
            .isCloseTo(12 * count * 0.1, within(1e-6));
      }
      assertThat(
              prometheus.get(
                  "query_exemplars?query=traces_spanmetrics_latency&start="
                      + at(-60) / 1000
                      + "&end="
                      + at(300) / 1000))
          .asString()
          .contains(
              // 2.42 knows no series yet when it reads the exemplar of a first native sample
              "\"traceID\":\"0000000000000000000000000000000b\"",
              "\"traceID\":\"00000000000000000000000000000015\"",
              "\"span_id\":\"0000000000000007\"");
      assertThat(
              prometheus.queryAt(
                  "histogram_count(traces_spanmetrics_latency{weight=\"1\"})", latencies.end(12)))
          .isEmpty();
    }
  }

  private static double value(PrometheusServer prometheus, String query, Instant at) {
    List<PrometheusServer.Sample> samples = prometheus.queryAt(query, at);
    assertThat(samples).as(query).hasSize(1);
    return samples.get(0).value();
  }

  private void deliverTwice(PrometheusServer prometheus, RemoteWriteVersion version)
      throws Exception {
    try (Outbox outbox = outbox()) {
      write(outbox, 0, 90);
      outbox.write(0, "acme", gone());
      outbox.write(1, "acme", rich());
      deliver(outbox, prometheus, version, "first");
      String before = everything(prometheus);

      deliver(outbox, prometheus, version, "second");

      assertThat(everything(prometheus)).isEqualTo(before);
      assertThat(before).contains("s0", "s1", "s2", "gone", "latency", "calls");
    }
  }

  private void deliver(
      Outbox outbox, PrometheusServer prometheus, RemoteWriteVersion version, String prefix)
      throws Exception {
    long[] ends = {outbox.end(0), outbox.end(1), outbox.end(2)};
    try (RemoteWriteSender sender = sender(outbox, prometheus, version, prefix)) {
      sender.start();
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  Stream.of(0, 1, 2)
                      // the last offset is the transaction's marker
                      .allMatch(
                          shard ->
                              outbox.committed(group(outbox, prefix), shard) >= ends[shard] - 1));
    }
  }

  private RemoteWriteSender sender(
      Outbox outbox, PrometheusServer prometheus, RemoteWriteVersion version, String prefix) {
    RemoteWriteTarget target =
        Targets.of("prometheus", URI.create(prometheus.remoteWriteUrl()), version);
    return new RemoteWriteSender(
        Map.of("bootstrap.servers", kafka.bootstrapServers()),
        outbox.topic(),
        outbox.topic() + "-" + prefix,
        List.of(target),
        registry,
        Clock.systemUTC(),
        new Random(1));
  }

  private static String group(Outbox outbox, String prefix) {
    return outbox.topic() + "-" + prefix + "-prometheus";
  }

  private static Outbox outbox() throws Exception {
    return new Outbox(kafka, "samples-" + topics++, 3);
  }

  private void write(Outbox outbox, int from, int to) throws Exception {
    outbox.writeAll(
        IntStream.range(from, to)
            .mapToObj(i -> new Outbox.Entry(i % 3, Requests.floats(at(i), i, "s" + i % 3)))
            .toList());
  }

  private static List<Double> numbers(int shard) {
    return Stream.iterate((double) shard, n -> n < 90, n -> n + 3).toList();
  }

  private long at(int seconds) {
    return start.plusSeconds(seconds).toEpochMilli();
  }

  /** A series that ends with a staleness marker. */
  private Request gone() {
    Requests.Builder builder = new Requests.Builder();
    builder
        .series("gone")
        .addSamples(Requests.sample(at(15), 1))
        .addSamples(Requests.sample(at(30), STALE));
    return builder.build();
  }

  /** A counter with an exemplar, and a native histogram. */
  private Request rich() {
    Requests.Builder builder = new Requests.Builder();
    builder
        .series("calls", "service", "cart")
        .addSamples(Requests.sample(at(45), 3))
        .addExemplars(
            Exemplar.newBuilder()
                .addLabelsRefs(builder.symbol("trace_id"))
                .addLabelsRefs(builder.symbol("abc"))
                .setValue(1)
                .setTimestamp(at(44)));
    builder
        .series("latency", "service", "cart")
        .addHistograms(
            Histogram.newBuilder()
                .setCountInt(4)
                .setSum(7.5)
                .setZeroCountInt(0)
                .setSchema(0)
                .setTimestamp(at(45))
                .addPositiveSpans(BucketSpan.newBuilder().setOffset(1).setLength(2))
                .addPositiveDeltas(1)
                .addPositiveDeltas(2));
    return builder.build();
  }

  /** Every sample of every series, histograms included, as Prometheus writes it. */
  private String everything(PrometheusServer prometheus) {
    String selector = "%7B__name__%3D~%22.%2B%22%7D%5B1h%5D";
    List<String> series = new ArrayList<>();
    prometheus
        .get("query?query=" + selector + "&time=" + at(300) / 1000)
        .path("result")
        .forEach(one -> series.add(one.toString()));
    series.sort(null);
    return String.join("\n", series);
  }

  private static String buildVersion(PrometheusServer prometheus) {
    return prometheus.get("status/buildinfo").path("version").asText();
  }

  private double counter(String name) {
    return registry.get(name).counter().count();
  }
}
