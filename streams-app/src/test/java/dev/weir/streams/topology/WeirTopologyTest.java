package dev.weir.streams.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.app.settings.Settings;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import dev.weir.schemas.topic.DeadLetterHeaders;
import dev.weir.schemas.topic.IdleMark;
import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.streams.config.StreamsSettings;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.processor.TimeOfQuiet;
import dev.weir.streams.telemetry.StreamsMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeirTopologyTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final byte[] TENANT = "single-tenant".getBytes(StandardCharsets.UTF_8);

  private static final ByteString ID = ByteString.copyFromUtf8("clientid");

  private final List<Integer> marks = new ArrayList<>();
  private final Topology topology = topology("--shards", "1");
  private final TopologyTestDriver driver = new TopologyTestDriver(topology, properties(), START);
  private final TestInputTopic<byte[], byte[]> spans =
      driver.createInputTopic("weir.spans", new ByteArraySerializer(), new ByteArraySerializer());
  private final TestOutputTopic<byte[], byte[]> samples = output("weir.samples");
  private final TestOutputTopic<byte[], byte[]> ledger = output("weir.ledger");
  private final TestOutputTopic<byte[], byte[]> deadLetters = output("weir.dead-letters");

  @TempDir static Path state;

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void shouldKeepTheNamesOfItsParts() throws Exception {
    assertThat(topology.describe().toString())
        .isEqualTo(Files.readString(Path.of("src/test/resources/topology.txt")));
  }

  @Test
  void shouldKeepTheNamesOfItsPartsIfTracesAreScattered() throws Exception {
    assertThat(scattered().describe().toString())
        .isEqualTo(Files.readString(Path.of("src/test/resources/topology-scattered.txt")));
  }

  private Topology scattered() {
    return topology("--shards", "1", "--spans-routed-by-trace", "false");
  }

  @Test
  void shouldPairWhereTracesWereBroughtTogether() {
    Properties properties = properties();
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state.resolve("scattered").toString());
    try (TopologyTestDriver apart = new TopologyTestDriver(scattered(), properties, START)) {
      TestInputTopic<byte[], byte[]> input =
          apart.createInputTopic(
              "weir.spans", new ByteArraySerializer(), new ByteArraySerializer());
      Span client = span("call", 20).toBuilder().setKindValue(3).setSpanId(ID).build();
      Span server = span("serve", 10).toBuilder().setParentSpanId(ID).build();

      input.pipeInput(TENANT, traces(client), START.plusSeconds(1));
      input.pipeInput(TENANT, traces(server), START.plusSeconds(2));
      input.pipeInput(TENANT, new byte[0], START.plusSeconds(17));

      List<LedgerEntry> entries =
          apart
              .createOutputTopic(
                  "weir.ledger", new ByteArrayDeserializer(), new ByteArrayDeserializer())
              .readValuesToList()
              .stream()
              .map(WeirTopologyTest::entry)
              .toList();
      assertThat(entries)
          .extracting(LedgerEntry::getSourcePartition, e -> e.getServiceGraph().getHalfEdges())
          .contains(tuple(0, 1L));
      assertThat(entries)
          .extracting(LedgerEntry::getSourcePartition, e -> e.getServiceGraph().getEdgesPaired())
          .contains(tuple(-1, 1L));
    }
  }

  private static LedgerEntry entry(byte[] bytes) {
    try {
      return LedgerEntry.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void shouldTellWhatIsNewInLabelsOnceIfAnybodyAsks() {
    Topology asking =
        topology("--processors", "span-metrics", "--span-name-sanitization", "dry_run");
    Properties properties = properties();
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state.resolve("asking").toString());
    try (TopologyTestDriver apart = new TopologyTestDriver(asking, properties, START)) {
      TestInputTopic<byte[], byte[]> input =
          apart.createInputTopic(
              "weir.spans", new ByteArraySerializer(), new ByteArraySerializer());
      input.pipeInput(TENANT, traces(span("GET /1", 20)), START.plusSeconds(1));
      input.pipeInput(TENANT, new byte[0], START.plusSeconds(17));
      input.pipeInput(TENANT, traces(span("GET /1", 20)), START.plusSeconds(18));
      input.pipeInput(TENANT, new byte[0], START.plusSeconds(33));

      assertThat(
              apart
                  .createOutputTopic(
                      "weir.span-names", new ByteArrayDeserializer(), new ByteArrayDeserializer())
                  .readKeyValuesToList())
          .singleElement()
          .satisfies(
              told -> {
                assertThat(new String(told.key, UTF_8)).isEqualTo("single-tenant");
                assertThat(new String(told.value, UTF_8)).contains("GET /1");
              });
    }
    send(START.plusSeconds(1), traces(span("GET /1", 20)));
    send(START.plusSeconds(17), new byte[0]);
    assertThat(output("weir.span-names").isEmpty()).isTrue();
  }

  @Test
  void shouldTurnSpansIntoSamplesAtTheEndOfTheirWindow() throws Exception {
    send(START.plusSeconds(1), traces(span("GET /", 20), span("GET /", 40)));
    assertThat(samples.isEmpty()).isTrue();
    send(START.plusSeconds(17), new byte[0]);
    assertThat(values())
        .containsEntry(
            "traces_spanmetrics_calls_total{service=shop,span_kind=SPAN_KIND_SERVER,span_name=GET /,status_code=STATUS_CODE_UNSET}@15000",
            2.0)
        .containsEntry(
            "traces_spanmetrics_calls_total{service=shop,span_kind=SPAN_KIND_SERVER,span_name=GET /,status_code=STATUS_CODE_UNSET}@0",
            0.0)
        .containsEntry(
            "traces_spanmetrics_latency_sum{service=shop,span_kind=SPAN_KIND_SERVER,span_name=GET /,status_code=STATUS_CODE_UNSET}@15000",
            0.06);
    LedgerEntry entry = LedgerEntry.parseFrom(ledger.readValue());
    assertThat(entry.getSpansReceived()).isEqualTo(2);
    assertThat(entry.getSpansCounted()).isEqualTo(2);
  }

  @Test
  void shouldSendWhatCannotBeReadToTheDeadLetters() {
    send(START, new byte[] {0x0A, 0x7F});
    TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
    assertThat(letter.value()).containsExactly(0x0A, 0x7F);
    assertThat(
            new String(
                letter.headers().lastHeader(DeadLetterHeaders.REASON).value(),
                StandardCharsets.UTF_8))
        .isEqualTo("length 127 exceeds the 0 bytes that are left at byte 1");
    assertThat(ledger.isEmpty()).isTrue();
  }

  @Test
  void shouldMarkAQuietPartitionOnceAWindowWouldBeComplete() {
    send(START.plusSeconds(1), traces(span("GET /", 20)));
    driver.advanceWallClockTime(Duration.ofSeconds(10));
    assertThat(marks).isEmpty();
    driver.advanceWallClockTime(Duration.ofSeconds(7));
    assertThat(marks).containsExactly(0);
  }

  @Test
  void shouldTakeAnIdleMarkForTheTimeThatItIs() throws Exception {
    send(START.plusSeconds(1), traces(span("GET /", 20)));
    TestRecord<byte[], byte[]> mark =
        new TestRecord<>(
            TENANT,
            new byte[0],
            IdleMark.forPartition("weir.spans", 0, TENANT).headers(),
            START.plusSeconds(17));
    spans.pipeInput(mark);
    assertThat(values()).isNotEmpty();
  }

  private void send(Instant time, byte[] value) {
    spans.pipeInput(TENANT, value, time);
  }

  private Map<String, Double> values() throws Exception {
    Map<String, Double> values = new TreeMap<>();
    for (byte[] value : samples.readValuesToList()) {
      Request request = Request.parseFrom(value);
      for (TimeSeries series : request.getTimeseriesList()) {
        series
            .getSamplesList()
            .forEach(
                sample ->
                    values.put(
                        name(request, series)
                            + "@"
                            + (sample.getTimestamp() - START.toEpochMilli()),
                        sample.getValue()));
      }
    }
    return values;
  }

  private static String name(Request request, TimeSeries series) {
    Map<String, String> labels = new TreeMap<>();
    for (int i = 0; i < series.getLabelsRefsCount(); i += 2) {
      labels.put(
          request.getSymbols(series.getLabelsRefs(i)),
          request.getSymbols(series.getLabelsRefs(i + 1)));
    }
    String name = labels.remove("__name__");
    return name + labels.toString().replace(", ", ",");
  }

  private static byte[] traces(Span... spans) {
    KeyValue service =
        KeyValue.newBuilder()
            .setKey("service.name")
            .setValue(AnyValue.newBuilder().setStringValue("shop"))
            .build();
    return TracesData.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(service))
                .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(List.of(spans))))
        .build()
        .toByteArray();
  }

  private static Span span(String name, long millis) {
    return Span.newBuilder()
        .setName(name)
        .setKind(Span.SpanKind.SPAN_KIND_SERVER)
        .setStartTimeUnixNano(1)
        .setEndTimeUnixNano(1 + millis * 1_000_000)
        .build();
  }

  private Topology topology(String... flags) {
    Settings settings =
        SettingsLoader.load(StreamsSettings.define(new ConfigDef()), List.of(flags), Map.of());
    StreamsSettings streams = StreamsSettings.from(settings);
    var names =
        new WeirTopology.TopicNames(
            "weir.spans",
            1,
            "weir.samples",
            "weir.ledger",
            "weir.dead-letters",
            "weir.decisions",
            Optional.of("weir.span-names"));
    return WeirTopology.build(
        names,
        streams.aggregate(),
        streams.merge(),
        SettingsByWindow.always(streams.tenants()),
        Optional.of("single-tenant"),
        new TimeOfQuiet.Marked(marks::add),
        new StreamsMeters(new SimpleMeterRegistry()));
  }

  private static Properties properties() {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "weir-streams");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    return properties;
  }

  private TestOutputTopic<byte[], byte[]> output(String topic) {
    return driver.createOutputTopic(
        topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
