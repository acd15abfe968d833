package dev.weir.streams.golden;

import com.google.protobuf.ByteString;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.app.settings.YamlSection;
import dev.weir.streams.config.StreamsSettings;
import dev.weir.streams.overrides.Overrides;
import dev.weir.streams.overrides.OverridesVersion;
import dev.weir.streams.rewrite.RewriteSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigDef;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A case in the form that the README beside the files describes.
 *
 * @param file where it stands
 * @param settings as the streams app reads them
 * @param overrides what is said of tenants in mid-stream, with the time of its record
 * @param records in the order of the log
 * @param untilMillis how far all partitions are complete, Unix milliseconds
 * @param reversible whether the samples are the same if everything comes in reverse order
 * @param metrics names of the metrics that are compared; all if empty
 * @param zeros whether the zeros at the begin of a series are compared, too
 * @param exemplars whether exemplars are compared, too
 * @param books what the ledger says of the default tenant; not compared if empty
 * @param meters what {@code /metrics} shows in the end, of the meters that are named
 * @param expected the samples, one a line, by time
 */
record GoldenCase(
    Path file,
    StreamsSettings settings,
    Map<OverridesVersion, Long> overrides,
    List<LogRecord> records,
    long untilMillis,
    boolean reversible,
    Set<String> metrics,
    boolean zeros,
    boolean exemplars,
    Map<String, String> books,
    Map<String, String> meters,
    Map<String, String> expected) {
  static final String DEFAULT_TENANT = "single-tenant";

  /** What stands before an exemplar. */
  static final String EXEMPLAR = " # ";

  private static final Set<String> KEYS =
      Set.of(
          "about",
          "settings",
          "overrides",
          "log",
          "until",
          "order",
          "metrics",
          "zeros",
          "exemplars",
          "let",
          "books",
          "meters",
          "expected");
  private static final Set<String> RECORD_KEYS =
      Set.of("at", "tenant", "partition", "skip", "resources");
  private static final Set<String> OVERRIDES_KEYS = Set.of("at", "tenant", "says", "seen");

  /** A record; its value is encoded as the settings say. */
  record LogRecord(String tenant, int partition, long millis, ByteString value) {
    LogRecord inPlaceOf(LogRecord other) {
      return new LogRecord(tenant, other.partition, other.millis, value);
    }
  }

  static GoldenCase read(Path file) throws IOException {
    try {
      return parsed(file);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  private static GoldenCase parsed(Path file) throws IOException {
    Object yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
    YamlSection root = YamlSection.of(file.getFileName().toString(), yaml, KEYS);
    root.required("about");
    StreamsSettings settings = settings(root);
    List<LogRecord> records = records(root, new GoldenOtlp(settings.topics().codec(), false));
    long window = settings.aggregate().window().toMillis();
    long last = records.get(records.size() - 1).millis();
    long endOfLast = (last / window + 1) * window;
    Set<String> metrics = new java.util.TreeSet<>();
    root.list("metrics").forEach(metric -> metrics.add(metric.toString()));
    return new GoldenCase(
        file,
        settings,
        overrides(root, settings.tenants().rewrites()),
        records,
        root.text("until").map(Times::unixMillis).orElse(endOfLast),
        !root.text("order").orElse("any").equals("given"),
        metrics,
        root.text("zeros").orElse("false").equals("true"),
        root.text("exemplars").orElse("false").equals("true"),
        new TreeMap<>(root.texts("books")),
        GoldenMeters.lines(root.text("meters").orElse("")),
        expected(root));
  }

  /**
   * The same with records, resources and spans in reverse order, each record at its place's time.
   */
  GoldenCase reversed() throws IOException {
    Object yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
    YamlSection root = YamlSection.of(file.getFileName().toString(), yaml, KEYS);
    List<LogRecord> back = records(root, new GoldenOtlp(settings.topics().codec(), true));
    Collections.reverse(back);
    List<LogRecord> placed = new ArrayList<>();
    for (int i = 0; i < back.size(); i++) {
      placed.add(back.get(i).inPlaceOf(records.get(i)));
    }
    return new GoldenCase(
        file,
        settings,
        overrides,
        placed,
        untilMillis,
        true,
        metrics,
        zeros,
        exemplars,
        books,
        meters,
        expected);
  }

  /** A user's word on a tenant, none on what is not said any more; or what was learned. */
  private static Map<OverridesVersion, Long> overrides(YamlSection root, RewriteSettings rewrites) {
    Map<OverridesVersion, Long> versions = new LinkedHashMap<>();
    for (Object yaml : root.list("overrides")) {
      YamlSection version = YamlSection.of("a version of overrides", yaml, OVERRIDES_KEYS);
      long number = versions.size() + 1L;
      String tenant = version.text("tenant").orElse(DEFAULT_TENANT);
      long at = Times.unixMillis(version.required("at"));
      if (version.has("seen")) {
        Map<?, ?> seen = (Map<?, ?>) version.value("seen");
        versions.put(GoldenLesson.version(number, tenant, seen, rewrites, at), at);
      } else {
        versions.put(OverridesVersion.api(number, tenant, says(version)), at);
      }
    }
    return versions;
  }

  private static Optional<Overrides> says(YamlSection version) {
    return version.has("says")
        ? Optional.of(Overrides.read(Map.of("metrics_generator", version.value("says"))))
        : Optional.empty();
  }

  private static StreamsSettings settings(YamlSection root) throws IOException {
    List<String> flags = new ArrayList<>();
    for (Map.Entry<?, ?> setting : mapping(root, "settings").entrySet()) {
      flags.add("--" + setting.getKey().toString().replace('.', '-'));
      flags.add(text(setting.getValue()));
    }
    return StreamsSettings.from(
        SettingsLoader.load(StreamsSettings.define(new ConfigDef()), flags, Map.of()));
  }

  /**
   * A list of sections, which is what policies are, is handed over as the file that it would be.
   */
  private static String text(Object value) throws IOException {
    if (!(value instanceof List<?> list)) {
      return value.toString();
    }
    if (list.isEmpty() || !(list.get(0) instanceof Map)) {
      return String.join(",", list.stream().map(String::valueOf).toList());
    }
    Path policies = Files.createTempFile("policies", ".yaml");
    policies.toFile().deleteOnExit();
    Files.writeString(policies, new Yaml().dump(Map.of("filter_policies", list)));
    return policies.toString();
  }

  private static Map<?, ?> mapping(YamlSection root, String key) {
    return root.has(key) ? (Map<?, ?>) root.value(key) : Map.of();
  }

  private static List<LogRecord> records(YamlSection root, GoldenOtlp otlp) {
    List<LogRecord> records = new ArrayList<>();
    for (Object yaml : root.list("log")) {
      YamlSection record = YamlSection.of("a record", yaml, RECORD_KEYS);
      records.add(
          new LogRecord(
              record.text("tenant").orElse(DEFAULT_TENANT),
              Integer.parseInt(record.text("partition").orElse("0")),
              Times.unixMillis(record.text("at").orElse("1s")),
              otlp.value(record)));
    }
    return records;
  }

  private static Map<String, String> expected(YamlSection root) {
    Map<String, String> abbreviations = root.texts("let");
    Function<String, String> spelledOut =
        text -> {
          String full = text;
          for (Map.Entry<String, String> let : abbreviations.entrySet()) {
            full = full.replace("$" + let.getKey(), let.getValue());
          }
          return full;
        };
    Map<String, String> expected = new TreeMap<>();
    root.texts("expected")
        .forEach(
            (time, lines) ->
                lines
                    .lines()
                    .map(spelledOut)
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .forEach(line -> put(expected, time, line)));
    return expected;
  }

  private static void put(Map<String, String> expected, String time, String line) {
    int exemplar = line.indexOf(EXEMPLAR);
    int space = line.lastIndexOf(' ', exemplar < 0 ? line.length() : exemplar - 1);
    String sample = time + " " + line.substring(0, space).strip();
    if (expected.put(sample, line.substring(space + 1)) != null) {
      throw new IllegalArgumentException(sample + " is expected twice");
    }
  }
}
