package dev.weir.benchmarks.load;

import dev.weir.app.settings.Durations;
import dev.weir.app.settings.Settings;
import dev.weir.benchmarks.payload.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;

/**
 * What {@code load} measures.
 *
 * @param shape of the spans and of the settings of the streams-app and of Tempo
 * @param instances processes of each service
 * @param spans spans to fill the topic with
 * @param partitions of the topic
 * @param repetitions of all measurements, in turn
 * @param jvmFlags of the measured JVMs, the same for all
 * @param appJar the streams-app
 * @param tempoBinary Tempo; not measured if empty
 * @param shards of the streams-app
 * @param window of the streams-app, as its setting has it
 * @param timeout of one measurement
 * @param json file to write the figures to; none if empty
 * @param directory for logs and data; a temporary one if empty
 */
record LoadSettings(
    Shape shape,
    int instances,
    long spans,
    int partitions,
    int repetitions,
    List<String> jvmFlags,
    Path appJar,
    Path tempoBinary,
    int shards,
    String window,
    Duration timeout,
    String json,
    String directory) {
  static final String TOPIC = "weir.spans";

  LoadSettings {
    jvmFlags = List.copyOf(jvmFlags);
  }

  static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            "shape",
            ConfigDef.Type.STRING,
            "standard",
            ConfigDef.ValidString.in("standard", "prod"),
            Importance.HIGH,
            "What is measured: standard is the streams-app as it is over traces that are in one record each; prod has more dimensions, target info, filters, and both sides of every call in different records.")
        .define(
            "instances",
            ConfigDef.Type.INT,
            1,
            ConfigDef.Range.between(1, 100_000),
            Importance.MEDIUM,
            "Processes of each service. Where the processes are told apart, as in the shape prod, label sets multiply by it.")
        .define(
            "spans",
            ConfigDef.Type.LONG,
            12_000_000L,
            ConfigDef.Range.atLeast(1),
            Importance.HIGH,
            "Spans in the topic; fewer than some millions measure the start of a JVM.")
        .define(
            "partitions",
            ConfigDef.Type.INT,
            4,
            ConfigDef.Range.between(1, 1_000),
            Importance.MEDIUM,
            "Partitions of the topic.")
        .define(
            "repetitions",
            ConfigDef.Type.INT,
            3,
            ConfigDef.Range.between(1, 100),
            Importance.HIGH,
            "How often each is measured, in turn; medians are reported.")
        .define(
            "jvm.flags",
            ConfigDef.Type.LIST,
            "-Xmx2g,-XX:+UseParallelGC",
            Importance.MEDIUM,
            "Flags of the measured processes' JVMs, the same for all, separated by commas.")
        .define(
            "streams.app.jar",
            ConfigDef.Type.STRING,
            "streams-app/target/streams-app.jar",
            Importance.MEDIUM,
            "The streams-app to measure; if empty, it is not measured.")
        .define(
            "tempo.binary",
            ConfigDef.Type.STRING,
            "",
            ConfigDef.LambdaValidator.with(
                (name, value) -> requireExecutable(name, String.valueOf(value)),
                () -> "an executable file, or empty"),
            Importance.MEDIUM,
            "Grafana Tempo, whose metrics-generator is measured beside the streams-app; if empty, it is not measured.")
        .define(
            "shards",
            ConfigDef.Type.INT,
            8,
            ConfigDef.Range.between(1, 10_000),
            Importance.MEDIUM,
            "Shards of the streams-app.")
        .define(
            "window",
            ConfigDef.Type.STRING,
            "15s",
            Durations.between("1s", "1h"),
            Importance.MEDIUM,
            "Window of the streams-app.")
        .define(
            "timeout",
            ConfigDef.Type.STRING,
            "15m",
            Durations.between("1s", "1d"),
            Importance.LOW,
            "How long one measurement may take.")
        .define(
            "json",
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "File to write the figures to as JSON.")
        .define(
            "directory",
            ConfigDef.Type.STRING,
            "",
            Importance.LOW,
            "Directory for logs, broker and state; if empty, a temporary one that is deleted after success.");
  }

  static LoadSettings from(Settings settings) {
    return new LoadSettings(
        Shape.of(settings.string("shape")),
        settings.integer("instances"),
        settings.longInteger("spans"),
        settings.integer("partitions"),
        settings.integer("repetitions"),
        settings.list("jvm.flags"),
        Path.of(settings.string("streams.app.jar")),
        Path.of(settings.string("tempo.binary")),
        settings.integer("shards"),
        settings.string("window"),
        settings.duration("timeout"),
        settings.string("json"),
        settings.string("directory"));
  }

  private static void requireExecutable(String name, String file) {
    boolean isExecutable = Files.isRegularFile(Path.of(file)) && Files.isExecutable(Path.of(file));
    if (!file.isEmpty() && !isExecutable) {
      throw new ConfigException(name, file, "must be an executable file, or empty");
    }
  }

  boolean measuresApp() {
    return !appJar.toString().isEmpty();
  }

  boolean measuresTempo() {
    return !tempoBinary.toString().isEmpty();
  }
}
