package dev.weir.distributor.application;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.weir.app.lifecycle.Readiness;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.distributor.config.DistributorSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A distributor on free ports of loopback, with a topic of its own. */
final class RunningDistributor implements AutoCloseable {
  private static final AtomicInteger NEXT_TOPIC = new AtomicInteger();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  final DistributorApp app;
  private final String bootstrapServers;
  private final String topic = "spans-" + NEXT_TOPIC.getAndIncrement();

  private RunningDistributor(String bootstrapServers, List<String> flags) {
    this.bootstrapServers = bootstrapServers;
    List<String> all =
        new ArrayList<>(
            List.of(
                "--kafka-bootstrap-servers=" + bootstrapServers,
                "--spans-topic=" + topic,
                "--otlp-host=127.0.0.1",
                "--otlp-grpc-port=0",
                "--otlp-http-port=0"));
    all.addAll(flags);
    ConfigDef definition = DistributorSettings.define(new ConfigDef());
    app =
        new DistributorApp(
            DistributorSettings.from(SettingsLoader.load(definition, all, Map.of())), registry);
  }

  /** Starts one and does not wait for the broker. */
  static RunningDistributor start(String bootstrapServers, String... flags) {
    RunningDistributor running = new RunningDistributor(bootstrapServers, List.of(flags));
    running.app.start();
    return running;
  }

  /** Starts one and waits until it can publish. */
  static RunningDistributor startReady(String bootstrapServers, String... flags) {
    RunningDistributor running = start(bootstrapServers, flags);
    running.awaitReady();
    return running;
  }

  void awaitReady() {
    await().atMost(Duration.ofSeconds(60)).until(this::isReady);
  }

  boolean isReady() {
    return app.readiness().checks().stream().allMatch(Readiness.Check::ready);
  }

  String grpcEndpoint() {
    return "http://127.0.0.1:" + app.grpcPort();
  }

  String httpEndpoint() {
    return "http://127.0.0.1:" + app.httpPort() + "/v1/traces";
  }

  /** Posts a body with {@code application/x-protobuf} unless {@code headers} say otherwise. */
  HttpResponse<byte[]> post(byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(httpEndpoint()))
            .setHeader("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return send(request.build());
  }

  static HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** All that is in the topic now, in the order of partitions. */
  List<ConsumerRecord<byte[], byte[]>> records() {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long end = consumer.endOffsets(partitions).values().stream().mapToLong(l -> l).sum();
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      while (records.size() < end) {
        consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
      }
      return records;
    }
  }

  /** The spans in {@link #records}, which must be OTLP. */
  List<Span> spans() throws IOException {
    List<Span> spans = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records()) {
      TracesData.parseFrom(record.value()).getResourceSpansList().stream()
          .flatMap(resource -> resource.getScopeSpansList().stream())
          .forEach(scope -> spans.addAll(scope.getSpansList()));
    }
    return spans;
  }

  /** The keys of {@link #records}. */
  List<String> keys() {
    return records().stream().map(record -> new String(record.key(), UTF_8)).distinct().toList();
  }

  double count(String meter, String... tags) {
    return registry.get(meter).tags(tags).counter().count();
  }

  @Override
  public void close() {
    app.close();
  }
}
