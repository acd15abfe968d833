package dev.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.app.settings.SettingsLoader;
import dev.weir.schemas.v1.CompleteThrough;
import dev.weir.schemas.v1.Decision;
import dev.weir.schemas.v1.GivenUp;
import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.streams.config.StreamsSettings;
import dev.weir.streams.idlemark.PartitionEnds;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.processor.TimeOfQuiet;
import dev.weir.streams.telemetry.StreamsMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where time passes by decisions, it passes again by their log: on a topic of spans that may not be
 * written, and in a partition that is too far behind.
 */
class DecisionsTest implements PartitionEnds {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final List<Ends> answers = new ArrayList<>();
  private int asked;

  @TempDir Path state;

  @Test
  void shouldAdvanceAPartitionThatWasReadToItsEnd() throws Exception {
    try (TopologyTestDriver driver = driver(new TimeOfQuiet.Decided(this))) {
      spans(driver).pipeInput(new byte[] {'t'}, someSpans(), START.plusSeconds(1));
      driver.advanceWallClockTime(Duration.ofSeconds(17));
      assertThat(asked).isPositive();
      answers.add(new Ends(START.plusSeconds(17).toEpochMilli(), 0, 1));
      driver.advanceWallClockTime(Duration.ofMillis(250));

      assertThat(decisions(driver))
          .containsExactly(
              Decision.newBuilder()
                  .setCompleteThrough(
                      CompleteThrough.newBuilder()
                          .setTopic("weir.spans")
                          .setEndOffset(1)
                          .setCompleteThroughUnixMillis(START.plusSeconds(17).toEpochMilli()))
                  .build());
      assertThat(samples(driver)).isNotEmpty();
    }
  }

  @Test
  void shouldNotAdvanceAPartitionThatHasMore() throws Exception {
    try (TopologyTestDriver driver = driver(new TimeOfQuiet.Decided(this))) {
      spans(driver).pipeInput(new byte[] {'t'}, someSpans(), START.plusSeconds(1));
      driver.advanceWallClockTime(Duration.ofSeconds(17));
      answers.add(new Ends(START.plusSeconds(17).toEpochMilli(), 0, 2));
      driver.advanceWallClockTime(Duration.ofSeconds(3));

      assertThat(decisions(driver)).isEmpty();
      assertThat(samples(driver)).isEmpty();
    }
  }

  @Test
  void shouldAdvanceAPartitionWhoseRecordsAreAllGone() throws Exception {
    try (TopologyTestDriver driver = driver(new TimeOfQuiet.Decided(this))) {
      answers.add(new Ends(START.toEpochMilli(), 7, 7));
      driver.advanceWallClockTime(Duration.ofSeconds(2));

      assertThat(decisions(driver)).hasSize(1);
    }
  }

  @Test
  void shouldMakeLoggedDecisionsAgainAtTheSamePlace() throws Exception {
    List<Decision> log = new ArrayList<>();
    List<byte[]> live;
    try (TopologyTestDriver driver = driver(new TimeOfQuiet.Decided(this))) {
      spans(driver).pipeInput(new byte[] {'t'}, someSpans(), START.plusSeconds(1));
      answers.add(new Ends(START.plusSeconds(17).toEpochMilli(), 0, 1));
      driver.advanceWallClockTime(Duration.ofSeconds(17));
      spans(driver).pipeInput(new byte[] {'t'}, someSpans(), START.plusSeconds(2)); // is late
      answers.add(new Ends(START.plusSeconds(40).toEpochMilli(), 0, 2));
      driver.advanceWallClockTime(Duration.ofSeconds(30));
      log.addAll(decisions(driver));
      live = samples(driver);
    }
    assertThat(log).hasSize(2);
    try (TopologyTestDriver driver = driver(new TimeOfQuiet.Replayed(partition -> log))) {
      spans(driver).pipeInput(new byte[] {'t'}, someSpans(), START.plusSeconds(1));
      spans(driver).pipeInput(new byte[] {'t'}, someSpans(), START.plusSeconds(2));
      driver.advanceWallClockTime(Duration.ofSeconds(1));

      assertThat(samples(driver)).usingElementComparator(java.util.Arrays::compare).isEqualTo(live);
      assertThat(decisions(driver)).isEmpty();
    }
  }

  @Test
  void shouldCloseWindowsWithoutAPartitionThatIsTooFarBehindAndAgainInAReplay() throws Exception {
    Duration hour = Duration.ofHours(1);
    List<Decision> log;
    List<byte[]> live = new ArrayList<>();
    try (TopologyTestDriver driver =
        driver(new TimeOfQuiet.Decided(this), "--max-hold-back", "10m")) {
      spans(driver).pipeInput(new byte[] {'t'}, someSpans(), START.plusSeconds(1));
      driver.advanceWallClockTime(hour);
      closeWindows(driver);
      live.addAll(samples(driver));
      assertThat(live).as("samples of the window that was given up").isNotEmpty();
      spans(driver).pipeInput(new byte[] {'t'}, someSpans(), START.plusSeconds(2));
      spans(driver).pipeInput(new byte[] {'t'}, someSpans(), START.plus(hour));
      closeWindows(driver);
      log = decisions(driver);
      live.addAll(samples(driver));
      assertThat(late(driver)).isEqualTo(1);
    }
    Instant openFrom = START.plus(hour).minus(Duration.ofMinutes(10));
    assertThat(log)
        .containsExactly(
            Decision.newBuilder()
                .setGivenUp(
                    GivenUp.newBuilder()
                        .setTopic("weir.spans")
                        .setBeforeOffset(1)
                        .setOpenFromUnixMillis(openFrom.toEpochMilli()))
                .build());
    try (TopologyTestDriver driver = driver(new TimeOfQuiet.Replayed(partition -> log))) {
      spans(driver).pipeInput(new byte[] {'t'}, someSpans(), START.plusSeconds(1));
      spans(driver).pipeInput(new byte[] {'t'}, someSpans(), START.plusSeconds(2));
      spans(driver).pipeInput(new byte[] {'t'}, someSpans(), START.plus(hour));
      closeWindows(driver);

      assertThat(samples(driver)).usingElementComparator(java.util.Arrays::compare).isEqualTo(live);
      assertThat(late(driver)).isEqualTo(1);
    }
  }

  private static void closeWindows(TopologyTestDriver driver) {
    for (int i = 0; i < 50; i++) {
      driver.advanceWallClockTime(Duration.ofMillis(20));
    }
  }

  private static long late(TopologyTestDriver driver) throws Exception {
    long late = 0;
    for (byte[] value : read(driver, "weir.ledger")) {
      late += LedgerEntry.parseFrom(value).getSpansLate();
    }
    return late;
  }

  private TopologyTestDriver driver(TimeOfQuiet quiet, String... flags) {
    List<String> all = new ArrayList<>(List.of("--shards", "1"));
    all.addAll(List.of(flags));
    StreamsSettings settings =
        StreamsSettings.from(
            SettingsLoader.load(StreamsSettings.define(new ConfigDef()), all, Map.of()));
    var names =
        new WeirTopology.TopicNames(
            "weir.spans",
            1,
            "weir.samples",
            "weir.ledger",
            "weir.dead-letters",
            "weir.decisions",
            Optional.empty());
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "weir-streams");
    properties.put(
        StreamsConfig.STATE_DIR_CONFIG, state.resolve(quiet.getClass().getSimpleName()).toString());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    return new TopologyTestDriver(
        WeirTopology.build(
            names,
            settings.aggregate(),
            settings.merge(),
            SettingsByWindow.always(settings.tenants()),
            Optional.of("t"),
            quiet,
            new StreamsMeters(new SimpleMeterRegistry())),
        properties,
        START);
  }

  private static TestInputTopic<byte[], byte[]> spans(TopologyTestDriver driver) {
    return driver.createInputTopic(
        "weir.spans", new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static List<byte[]> samples(TopologyTestDriver driver) {
    return read(driver, "weir.samples");
  }

  private static List<Decision> decisions(TopologyTestDriver driver) throws Exception {
    List<Decision> decisions = new ArrayList<>();
    for (byte[] value : read(driver, "weir.decisions")) {
      decisions.add(Decision.parseFrom(value));
    }
    return decisions;
  }

  private static List<byte[]> read(TopologyTestDriver driver, String topic) {
    return driver
        .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
        .readValuesToList();
  }

  private static byte[] someSpans() {
    Span span =
        Span.newBuilder().setName("GET /").setStartTimeUnixNano(1).setEndTimeUnixNano(2).build();
    return TracesData.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
        .build()
        .toByteArray();
  }

  @Override
  public void ask(int partition) {
    asked++;
  }

  @Override
  public Optional<Ends> take(int partition) {
    return answers.isEmpty() ? Optional.empty() : Optional.of(answers.remove(0));
  }
}
