package dev.weir.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.app.lifecycle.ProcessSettings;
import dev.weir.app.settings.Settings;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.app.settings.SettingsReference;
import dev.weir.distributor.application.DistributorApp;
import dev.weir.distributor.config.DistributorSettings;
import dev.weir.ingester.application.IngesterApp;
import dev.weir.ingester.config.IngesterSettings;
import dev.weir.ingester.telemetry.IngesterMetrics;
import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.schemas.v1.ServiceGraph;
import dev.weir.streams.application.StreamsApp;
import dev.weir.streams.config.StreamsSettings;
import dev.weir.streams.drain.NamesLearned;
import dev.weir.streams.idlemark.KafkaIdleMarker;
import dev.weir.streams.learner.LearnerMeters;
import dev.weir.streams.merge.TenantUsage;
import dev.weir.streams.rewrite.RewriteCounts;
import dev.weir.streams.rewrite.RewriteFigures;
import dev.weir.streams.series.SeriesLimits;
import dev.weir.streams.telemetry.StreamsMeters;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

/** The reference pages say what the code says. {@code -Dweir.docs.write=true} writes them anew. */
class ReferencePagesTest {
  private static final Path PAGES = Path.of("../docs/reference");
  private static final String SOURCES = ".*/src/main/java/.*\\.java";

  @Test
  void shouldDescribeEverySetting() throws Exception {
    String page =
        """
        # Configuration

        A setting comes from its default, then from the file given with `--config` (YAML or `.properties`),
        then from the environment, then from its flag; the last one wins. `http.port` is `http: {port: …}` or
        `http.port: …` in the file, `WEIR_HTTP_PORT` in the environment, `--http-port` on the command line.
        Unknown names stop the start. What begins with `kafka.` and is a setting of Kafka's clients is handed
        to them, such as `kafka.security.protocol`.

        ## Every application

        %s
        ## distributor-producer

        %s
        ## streams-app

        %s
        ## ingester-consumer

        %s
        ## All in one (`./weir up`, `./weir demo`)

        All of the above, with `window=5s`, `shards=2`, `instance.id=all-in-one`, every listener on 127.0.0.1 and
        all state below `data.dir`; and:

        %s"""
            .formatted(
                markdown(ProcessSettings.addTo(new ConfigDef()), new ConfigDef()),
                markdown(DistributorSettings.define(new ConfigDef()), new ConfigDef()),
                markdown(StreamsSettings.define(new ConfigDef()), new ConfigDef()),
                markdown(IngesterSettings.define(new ConfigDef()), new ConfigDef()),
                markdown(
                    Definition.of(Command.DEMO),
                    Applications.define(ProcessSettings.addTo(new ConfigDef()))));
    assertPage("configuration.md", page);
  }

  private static String markdown(ConfigDef definition, ConfigDef without) {
    ConfigDef rest = new ConfigDef();
    definition.configKeys().values().stream()
        .filter(key -> !without.names().contains(key.name))
        .forEach(rest::define);
    return SettingsReference.markdown(rest);
  }

  @Test
  void shouldDescribeEveryMeter() throws Exception {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registerAll(registry);
    Map<String, Meter> byName = new TreeMap<>();
    registry
        .getMeters()
        .forEach(
            meter ->
                byName.putIfAbsent(
                    registry
                        .config()
                        .namingConvention()
                        .name(
                            meter.getId().getName(),
                            meter.getId().getType(),
                            meter.getId().getBaseUnit()),
                    meter));
    String rows =
        byName.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("weir_"))
            .map(ReferencePagesTest::row)
            .collect(Collectors.joining("\n"));
    String page =
        """
        # Metrics

        What `/metrics` shows of Weir itself, besides the usual meters of a JVM (`jvm_…`, `process_…`) and of
        Kafka's clients (`kafka_…`). A timer is a histogram or summary with `_count`, `_sum` and `_max`.

        | Name | Type | Labels | Meaning |
        |---|---|---|---|
        %s
        """
            .formatted(rows);
    assertPage("metrics.md", page);
  }

  @Test
  void shouldMissNoMeterThatTheCodeNames() throws Exception {
    Pattern named =
        Pattern.compile("(?:Counter|Gauge|Timer)\\.builder\\(\\s*\"(weir\\.[a-z.]*[a-z])\"");
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of(".."), 14)) {
      for (Path file : files.filter(path -> path.toString().matches(SOURCES)).toList()) {
        named.matcher(Files.readString(file)).results().forEach(found -> names.add(found.group(1)));
      }
    }

    String page = Files.readString(PAGES.resolve("metrics.md"));
    assertThat(names)
        .isNotEmpty()
        .allSatisfy(name -> assertThat(page).contains("| `" + name.replace('.', '_')));
  }

  private static String row(Map.Entry<String, Meter> entry) {
    Meter.Id id = entry.getValue().getId();
    String name = entry.getKey() + (id.getType() == Meter.Type.COUNTER ? "_total" : "");
    String labels =
        new TreeSet<>(id.getTags().stream().map(tag -> "`" + tag.getKey() + "`").toList())
            .stream().collect(Collectors.joining(", "));
    return "| `%s` | %s | %s | %s |"
        .formatted(
            name,
            id.getType().name().toLowerCase(java.util.Locale.ROOT),
            labels,
            id.getDescription());
  }

  /**
   * Constructing an application registers its meters; those that carry a tenant appear with its
   * first books.
   */
  private static void registerAll(PrometheusMeterRegistry registry) {
    new DistributorApp(
            DistributorSettings.from(load(DistributorSettings.define(new ConfigDef()))), registry)
        .close();
    new IngesterApp(IngesterSettings.from(load(IngesterSettings.define(new ConfigDef()))), registry)
        .close();
    new StreamsApp(
            StreamsSettings.from(
                load(
                    StreamsSettings.define(new ConfigDef()),
                    "--remote-write-url",
                    "http://prometheus/api/v1/write",
                    "--overrides-file",
                    "overrides.yaml")),
            registry)
        .close();
    new KafkaIdleMarker(Map.of("bootstrap.servers", "localhost:1"), "t", new byte[0], registry)
        .close();
    new IngesterMetrics(registry).lag(0);
    StreamsMeters streams = new StreamsMeters(registry);
    streams.booked(
        LedgerEntry.newBuilder()
            .setTenant("t")
            .putSpansDiscarded("invalid_utf8", 1)
            .setServiceGraph(ServiceGraph.newBuilder().putUnpaired("SPAN_KIND_CLIENT", 1))
            .build());
    streams.rewritten("t", new RewriteCounts(1, Map.of("url", 1L)));
    new LearnerMeters(registry)
        .figures(
            Map.of(
                "t",
                new RewriteFigures(
                    1, 1, 1, 1, Map.of("url", 1L), new NamesLearned(Map.of(3, 1L), 1, 1))));
    TenantUsage.Count some = new TenantUsage.Count(1, 1);
    streams
        .series()
        .usage(0, List.of(new TenantUsage("t", SeriesLimits.NONE, some, some, some, some)), 0);
  }

  private static Settings load(ConfigDef definition, String... flags) {
    return SettingsLoader.load(definition, List.of(flags), Map.of());
  }

  private static void assertPage(String name, String page) throws IOException {
    Path file = PAGES.resolve(name);
    if (Boolean.getBoolean("weir.docs.write")) {
      Files.createDirectories(PAGES);
      Files.writeString(file, page);
    }
    assertThat(Files.exists(file) ? Files.readString(file) : "")
        .as("%s; write it anew with -Dweir.docs.write=true", file)
        .isEqualTo(page);
  }
}
