package dev.weir.benchmarks.payload;

import dev.weir.app.settings.Settings;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.app.settings.SettingsReference;
import dev.weir.benchmarks.payload.SpansTopic.Filled;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.schemas.topic.TopicContract;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** {@code fill}: a topic full of the standard payload. */
public final class FillCommand {
  private static final String BOOTSTRAP_SERVERS = "kafka.bootstrap.servers";
  private static final String DATA_DIRECTORY = "data.directory";
  private static final String TOPIC = "topic";
  private static final String SPANS = "spans";
  private static final String PARTITIONS = "partitions";
  private static final String SEED = "seed";
  private static final String START = "start";
  private static final String NOW = "now";

  private FillCommand() {}

  /** The settings of {@code fill}. */
  static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            BOOTSTRAP_SERVERS,
            ConfigDef.Type.STRING,
            "",
            Importance.HIGH,
            "Brokers to fill; if empty, one is started on data.directory and stopped when it is full.")
        .define(
            DATA_DIRECTORY,
            ConfigDef.Type.STRING,
            "weir-data/benchmark-broker",
            Importance.MEDIUM,
            "Directory of the broker that is started.")
        .define(
            TOPIC,
            ConfigDef.Type.STRING,
            TopicContract.DEFAULT_SPANS,
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "Topic to fill; made if it does not exist.")
        .define(
            SPANS,
            ConfigDef.Type.LONG,
            1_000_000L,
            ConfigDef.Range.atLeast(1),
            Importance.HIGH,
            "Spans to append, rounded up to whole records.")
        .define(
            PARTITIONS,
            ConfigDef.Type.INT,
            4,
            ConfigDef.Range.between(1, 10_000),
            Importance.HIGH,
            "Partitions of the topic if it is made.")
        .define(SEED, ConfigDef.Type.LONG, 1L, Importance.LOW, "Seed of the payload.")
        .define(
            START,
            ConfigDef.Type.STRING,
            NOW,
            Importance.LOW,
            "When the first span begins, such as 2026-01-01T00:00:00Z, or 'now'.");
  }

  /** Fills and prints what was written. */
  public static void run(List<String> flags) {
    ConfigDef definition = define(new ConfigDef());
    if (flags.contains("--help")) {
      System.out.print(SettingsReference.help(definition));
      return;
    }
    Settings settings = SettingsLoader.load(definition, flags, Map.of());
    String given = settings.string(BOOTSTRAP_SERVERS);
    if (given.isEmpty()) {
      try (EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(settings.string(DATA_DIRECTORY)), 0)) {
        fill(kafka.bootstrapServers(), settings);
      }
    } else {
      fill(given, settings);
    }
  }

  private static void fill(String bootstrapServers, Settings settings) {
    SpansTopic topic =
        new SpansTopic(bootstrapServers, settings.string(TOPIC), settings.integer(PARTITIONS));
    StandardPayload payload =
        new StandardPayload(settings.longInteger(SEED), start(settings.string(START)));
    Filled filled = topic.fill(payload, settings.longInteger(SPANS));
    System.out.printf(
        "%s: %,d spans in %,d records, %,d bytes%n",
        topic.name(), filled.spans(), filled.records(), filled.bytes());
  }

  private static Instant start(String text) {
    return text.equals(NOW) ? Clock.systemUTC().instant() : Instant.parse(text);
  }
}
