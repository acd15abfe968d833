package dev.weir.streams.overrides;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.filter.FilterPolicies;
import dev.weir.streams.filter.FilterPolicy;
import dev.weir.streams.hostinfo.HostInfoSettings;
import dev.weir.streams.overrides.OverridesVersion.Source;
import dev.weir.streams.rewrite.RewriteSettings;
import dev.weir.streams.rewrite.SpanNameMode;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.HistogramKind;
import dev.weir.streams.series.MetricSelection;
import dev.weir.streams.series.NativeSettings;
import dev.weir.streams.series.SeriesLimits;
import dev.weir.streams.series.SeriesSettings;
import dev.weir.streams.series.TraceIdLabel;
import dev.weir.streams.servicegraph.EdgeSettings;
import dev.weir.streams.servicegraph.Pairing;
import dev.weir.streams.servicegraph.Room;
import dev.weir.streams.servicegraph.ServiceGraphSettings;
import dev.weir.streams.spanmetrics.DimensionMapping;
import dev.weir.streams.spanmetrics.Dimensions;
import dev.weir.streams.spanmetrics.Intrinsic;
import dev.weir.streams.spanmetrics.SpanMetricsSettings;
import dev.weir.streams.spanmetrics.TargetInfoSettings;
import dev.weir.streams.weight.WeightSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverridesTest {
  private static final FilterPolicies FILTER =
      FilterPolicies.of(
          List.of(
              new FilterPolicy(
                  Optional.of(
                      new FilterPolicy.Rule(
                          "strict", List.of(new FilterPolicy.Attribute("span.n", 5)))),
                  Optional.empty(),
                  Optional.of(
                      new FilterPolicy.Rule(
                          "regex", List.of(new FilterPolicy.Attribute("resource.a", "x.*")))))));
  private static final TenantSettings SETTINGS =
      new TenantSettings(
          new SpanMetricsSettings(
              true,
              new HistogramBounds(List.of(0.5, 2.0)),
              new Dimensions(
                  Set.of(Intrinsic.SERVICE, Intrinsic.STATUS_MESSAGE),
                  List.of("zone"),
                  List.of(new DimensionMapping("endpoint", "/", List.of("method", "route")))),
              FILTER,
              new TargetInfoSettings(true, Set.of("pid"), false),
              true,
              series(
                  new MetricSelection(Set.of(0), true, true),
                  HistogramKind.BOTH,
                  new WeightSettings("p", true, false))),
          new ServiceGraphSettings(
              true,
              new HistogramBounds(List.of(0.25)),
              Duration.ofSeconds(10),
              new Room(100, 10),
              List.of("peer.service"),
              new EdgeSettings(List.of("zone"), true, true, true, true, true, true, true),
              FILTER,
              new Pairing(false, true, true, true),
              series(
                  new MetricSelection(Set.of(0, 1), false),
                  HistogramKind.BOTH,
                  new WeightSettings("q", false, true))),
          new HostInfoSettings(true, List.of("host.id")),
          new SeriesLimits(SeriesLimits.Unit.ENTITY, 1_000, 5_000_000_000L),
          new RewriteSettings(SpanNameMode.DRY_RUN, 40));

  private static SeriesSettings series(
      MetricSelection selection, HistogramKind kind, WeightSettings weights) {
    NativeSettings natives = new NativeSettings(1.5, 50, Duration.ofMinutes(90));
    return new SeriesSettings(
        selection, kind, weights, natives, true, new TraceIdLabel("trace_id"));
  }

  @Test
  void shouldSayTheSameAfterATripThroughTheTopic() {
    OverridesVersion version =
        new OverridesVersion(
            7,
            Source.FILE,
            Optional.of(SETTINGS.toOverrides()),
            true,
            Map.of("acme", Optional.empty(), "*", Optional.of(Overrides.NONE)));

    assertThat(VersionForm.read(VersionForm.write(version))).isEqualTo(version);
  }

  @Test
  void shouldKeepTheLayoutOfVersion1() throws IOException {
    byte[] version = VersionForm.write(OverridesVersion.base(1, SETTINGS.toOverrides()));

    assertThat(new String(version, StandardCharsets.UTF_8)).isEqualTo(golden("overrides-v1.json"));
  }

  @Test
  void shouldTakeWhatAnEarlierProgramDidNotSayFromTheProcess() throws IOException {
    byte[] version = golden("overrides-v1-first.json").getBytes(StandardCharsets.UTF_8);
    Versions versions = new Versions(10_000, SETTINGS);

    versions.add(VersionForm.read(version), 0);

    assertThat(versions.at("acme", 1).settings().toOverrides()).isEqualTo(SETTINGS.toOverrides());
  }

  private static String golden(String name) throws IOException {
    return Files.readString(Path.of("src/test/resources/golden", name)).strip();
  }

  @Test
  void shouldMakeTheSameSettingsOfOverridesThatSayEverything() {
    TenantSettings again = TenantSettings.of(SETTINGS.toOverrides(), SETTINGS);

    assertThat(again.toOverrides()).isEqualTo(SETTINGS.toOverrides());
    assertThat(again.spanMetrics().dimensions()).isEqualTo(SETTINGS.spanMetrics().dimensions());
    assertThat(again.spanMetrics().targetInfo()).isEqualTo(SETTINGS.spanMetrics().targetInfo());
    assertThat(again.spanMetrics().series()).isEqualTo(SETTINGS.spanMetrics().series());
    assertThat(again.serviceGraph().series()).isEqualTo(SETTINGS.serviceGraph().series());
    assertThat(again.serviceGraph().edges()).isEqualTo(SETTINGS.serviceGraph().edges());
    assertThat(again.serviceGraph().room()).isEqualTo(new Room(100, 10));
    assertThat(again.serviceGraph().pairing()).isEqualTo(SETTINGS.serviceGraph().pairing());
    assertThat(again.spanMetrics().lastDimensionDecides()).isTrue();
    assertThat(again.hostInfo()).isEqualTo(SETTINGS.hostInfo());
    assertThat(again.limits()).isEqualTo(SETTINGS.limits());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{layout: 2} | layout 2",
        "{layout: 1, source: later, tenants: {}} | LATER",
        "{layout: 1, source: base, defaults: {metrics_generator: {later: 1}}, tenants: {}} | \"later\"",
        "{layout: 1, source: file, tenants: {a: {metrics_generator: {processors: [later]}}}} | \"later\"",
        "{layout: 1, source: learner, learned: {a: {later: 1}}, tenants: {}} | later",
      })
  void shouldSayThatALaterReleaseHasPublishedWhatIsNotKnown(String yaml, String what)
      throws JsonProcessingException {
    Map<String, Object> form = OverridesText.form(yaml);
    form.put("number", 7);
    byte[] version = new ObjectMapper().writeValueAsBytes(form);

    assertThatThrownBy(() -> VersionForm.read(version))
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessageStartingWith("version 7 of the overrides says what this release does not know (")
        .hasMessageContaining(what)
        .hasMessageContaining("bring all instances to that release");
  }

  @Test
  void shouldRefuseWhatIsNoVersion() {
    assertThatThrownBy(() -> VersionForm.read("{".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessageStartingWith("overrides cannot be read: ");
  }

  @Test
  void shouldMergeIntrinsicDimensionsFlagByFlag() {
    Overrides lower = intrinsics("{service: true, span_name: true}");
    Overrides upper = intrinsics("{span_name: false}");

    assertThat(upper.over(lower)).isEqualTo(intrinsics("{service: true, span_name: false}"));
  }

  @Test
  void shouldTakeAnEmptyNameOfTheTraceIdForTempos() {
    assertThat(OverridesText.read("metrics_generator: {trace_id_label_name: ''}"))
        .isEqualTo(OverridesText.read("metrics_generator: {trace_id_label_name: traceID}"));
  }

  @Test
  void shouldTakeNullForNothing() {
    assertThat(OverridesText.read("metrics_generator: {processors: null, processor: null}"))
        .isEqualTo(Overrides.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{unknown: 1} | unknown field \"unknown\"",
        "{metrics_generator: {processor: {span_metrics: {x: 1}}}} | unknown field \"x\"",
        "{metrics_generator: {processors: [span]}} | metrics_generator.processors: \"span\" is not a known processor, valid values: [span-metrics, span-metrics-count, span-metrics-size, span-metrics-latency, service-graphs, service-graphs-request, service-graphs-latency, service-graphs-connection-info, host-info]",
        "{metrics_generator: {processor: {service_graphs: {histogram_buckets: [1, 1]}}}} | metrics_generator.processor.service_graphs.histogram_buckets: must be strictly increasing: bucket[1]=1.0 is <= bucket[0]=1.0",
        "{metrics_generator: {processor: {span_metrics: {histogram_buckets: []}}}} | metrics_generator.processor.span_metrics.histogram_buckets: must have at least one bound",
        "{metrics_generator: {processor: {span_metrics: {intrinsic_dimensions: {x: true}}}}} | metrics_generator.processor.span_metrics.intrinsic_dimensions: x is not a valid intrinsic dimension",
        "{metrics_generator: {processor: {span_metrics: {enable_target_info: 1}}}} | metrics_generator.processor.span_metrics.enable_target_info: must be true or false, not 1",
        "{metrics_generator: {processor: {span_metrics: {dimensions: [1]}}}} | metrics_generator.processor.span_metrics.dimensions: must be a list of strings, but has 1",
        "{metrics_generator: {processor: {span_metrics: {dimension_mappings: [{name: a}]}}}} | metrics_generator.processor.span_metrics.dimension_mappings: dimension_mappings: source_labels of a must not be empty",
        "{metrics_generator: {processor: {service_graphs: {filter_policies: [{}]}}}} | metrics_generator.processor.service_graphs.filter_policies: policies must have at least an `include`, `includeAny` or `exclude`",
        "{metrics_generator: {processor: {host_info: {host_identifiers: []}}}} | metrics_generator.processor.host_info.host_identifiers: must name at least one attribute",
        "{metrics_generator: {span_name_sanitization: on}} | metrics_generator.span_name_sanitization: must be a string, not true",
        "{metrics_generator: {span_name_sanitization: dry-run}} | metrics_generator.span_name_sanitization: must be \"\", \"dry_run\" or \"enabled\", not \"dry-run\"",
        "{metrics_generator: {max_cardinality_per_label: 50001}} | metrics_generator.max_cardinality_per_label: must be a whole number from 0 to 50000, not 50001",
        "{metrics_generator: {max_active_series: -1}} | metrics_generator.max_active_series: must be a whole number from 0 on, not -1",
        "{metrics_generator: {generate_native_histograms: all}} | metrics_generator.generate_native_histograms: \"all\" is not a kind of histograms, valid values: [classic, native, both]",
        "{metrics_generator: {processor: {span_metrics: {span_multiplier_key: 1}}}} | metrics_generator.processor.span_metrics.span_multiplier_key: must be a string, not 1",
        "{metrics_generator: {native_histogram_bucket_factor: 1}} | metrics_generator.native_histogram_bucket_factor: must be a number of more than 1, not 1",
        "{metrics_generator: {native_histogram_max_bucket_number: 0}} | metrics_generator.native_histogram_max_bucket_number: must be from 1 to 10000, not 0",
        "{metrics_generator: {native_histogram_min_reset_duration: 15}} | metrics_generator.native_histogram_min_reset_duration: must be from 1s to 8760h, not 15",
        "{metrics_generator: {native_histogram_min_reset_duration: 15x}} | metrics_generator.native_histogram_min_reset_duration: must be a duration such as 15m or 1h30m, not 15x",
        "{metrics_generator: {enable_exemplars: some}} | metrics_generator.enable_exemplars: must be true or false, not some",
        "{metrics_generator: {trace_id_label_name: trace.id}} | metrics_generator.trace_id_label_name: must be the name of a label of at most 64 characters, other than span_id",
        "{metrics_generator: [1]} | metrics_generator must be an object",
      })
  void shouldNameTheFieldAndTheRuleThatIsBroken(String text, String message) {
    assertThatThrownBy(() -> OverridesText.read(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "15m, 15m",
    "1h30m0s, 1h30m",
    "1.5s, 1.5s",
    "900000000000, 15m",
    "8760h, 8760h",
    "90s, 1m30s"
  })
  void shouldReadDurationsAsTempoWritesThem(String text, String written) {
    Overrides overrides =
        OverridesText.read(
            "metrics_generator: {native_histogram_min_reset_duration: %s}".formatted(text));

    assertThat(overrides.write().get("metrics_generator"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("native_histogram_min_reset_duration", written);
  }

  private static Overrides intrinsics(String flags) {
    return OverridesText.read(
        "metrics_generator: {processor: {span_metrics: {intrinsic_dimensions: %s}}}"
            .formatted(flags));
  }
}
