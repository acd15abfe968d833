package dev.weir.streams.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.weir.app.lifecycle.Readiness;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import dev.weir.streams.config.StreamsSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same traces, routed by trace and not, give the same edges. */
class ScatteredTracesIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int PARTITIONS = 3;
  private static final int TRACES = 100;
  private static final byte[] TENANT = "single-tenant".getBytes(StandardCharsets.UTF_8);

  private final SplittableRandom random = new SplittableRandom(1);
  private final List<Future<RecordMetadata>> sent = new ArrayList<>();

  @TempDir Path directory;

  @Test
  void shouldMakeTheSameEdgesOfScatteredTraces() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
        StreamsApp routed = app(kafka, "routed", true);
        StreamsApp scattered = app(kafka, "scattered", false)) {
      List<StreamsApp> apps = List.of(routed, scattered);
      apps.forEach(StreamsApp::start);
      await().atMost(PATIENCE).until(() -> apps.stream().allMatch(ScatteredTracesIT::isReady));
      produce(kafka);

      Map<String, Double> edges =
          Map.of("user shop", 1.0 * TRACES, "shop cart", 2.0 * TRACES, "cart bank", 1.0 * TRACES);
      for (String topic : List.of("routed", "scattered")) {
        await()
            .alias(topic)
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(edges(kafka, topic)).isEqualTo(edges));
      }
    }
  }

  private static boolean isReady(StreamsApp app) {
    return app.readiness().checks().stream().allMatch(Readiness.Check::ready);
  }

  private StreamsApp app(EmbeddedKafka kafka, String topic, boolean routedByTrace) {
    List<String> flags =
        List.of(
            "--kafka-bootstrap-servers=" + kafka.bootstrapServers(),
            "--application-id=" + topic,
            "--state-dir=" + directory.resolve(topic),
            "--spans-topic=" + topic,
            "--spans-partitions=" + PARTITIONS,
            "--samples-topic=" + topic + "-samples",
            "--ledger-topic=" + topic + "-ledger",
            "--dead-letters-topic=" + topic + "-dead-letters",
            "--overrides-topic=" + topic + "-overrides",
            "--spans-routed-by-trace=" + routedByTrace,
            "--service-graph-enable-several-servers=true",
            "--shards=2",
            "--window=1s",
            "--commit-interval=100ms");
    return new StreamsApp(
        StreamsSettings.from(
            SettingsLoader.load(StreamsSettings.define(new ConfigDef()), flags, Map.of())),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  }

  /**
   * Every span in a record of its own: a root, a call that two servers answer, one that none does.
   */
  private void produce(EmbeddedKafka kafka) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int trace = 0; trace < TRACES; trace++) {
        send(producer, trace, "shop", span(trace, 2, 1, 0));
        send(producer, trace, "shop", span(trace, 3, 2, 1));
        send(producer, trace, "cart", span(trace, 2, 3, 2));
        send(producer, trace, "cart", span(trace, 2, 4, 2));
        Span call = span(trace, 3, 5, 3);
        send(
            producer,
            trace,
            "cart",
            call.toBuilder().addAttributes(attribute("peer.service", "bank")).build());
      }
      for (Future<RecordMetadata> record : sent) {
        record.get();
      }
    }
  }

  private void send(KafkaProducer<byte[], byte[]> producer, int trace, String service, Span span) {
    Resource resource =
        Resource.newBuilder().addAttributes(attribute("service.name", service)).build();
    byte[] value =
        TracesData.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .setResource(resource)
                    .addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
            .build()
            .toByteArray();
    int anywhere = random.nextInt(PARTITIONS);
    sent.add(producer.send(new ProducerRecord<>("routed", trace % PARTITIONS, TENANT, value)));
    sent.add(producer.send(new ProducerRecord<>("scattered", anywhere, TENANT, value)));
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static Span span(int trace, int kind, int id, int parent) {
    Span.Builder span =
        Span.newBuilder().setTraceId(id(16, trace + 1)).setSpanId(id(8, id)).setKindValue(kind);
    return (parent == 0 ? span : span.setParentSpanId(id(8, parent))).build();
  }

  private static ByteString id(int length, int number) {
    return ByteString.copyFrom(ByteBuffer.allocate(length).putInt(number).array());
  }

  /** Requests of each edge, by the latest sample in the outbox. */
  private static Map<String, Double> edges(EmbeddedKafka kafka, String topic) throws Exception {
    Map<String, Double> edges = new TreeMap<>();
    Map<String, Object> config =
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          List.of(
              new TopicPartition(topic + "-samples", 0), new TopicPartition(topic + "-samples", 1));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          read(Request.parseFrom(record.value()), edges);
        }
      }
    }
    return edges;
  }

  private static void read(Request request, Map<String, Double> edges) {
    for (TimeSeries series : request.getTimeseriesList()) {
      Map<String, String> labels = new TreeMap<>();
      for (int i = 0; i < series.getLabelsRefsCount(); i += 2) {
        labels.put(
            request.getSymbols(series.getLabelsRefs(i)),
            request.getSymbols(series.getLabelsRefs(i + 1)));
      }
      if ("traces_service_graph_request_total".equals(labels.get("__name__"))) {
        String edge = labels.get("client") + ' ' + labels.get("server");
        series.getSamplesList().forEach(s -> edges.merge(edge, s.getValue(), Math::max));
      }
    }
  }
}
