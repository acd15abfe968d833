package dev.weir.streams.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.streams.aggregate.AggregateSettings;
import dev.weir.streams.series.MetricSelection;
import dev.weir.streams.series.NativeSettings;
import dev.weir.streams.spanmetrics.SpanMetricsSettings;
import dev.weir.streams.spanmetrics.TargetInfoSettings;
import dev.weir.streams.weight.WeightSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpanMetricsKeysTest {
  @TempDir private Path directory;

  @Test
  void shouldFilterNothingAndTellNoTargetsUnlessAsked() {
    assertThat(settings().spanMetrics().filter().isEmpty()).isTrue();
    assertThat(settings().serviceGraph().filter().isEmpty()).isTrue();
    assertThat(settings().spanMetrics().targetInfo()).isEqualTo(TargetInfoSettings.DISABLED);
  }

  @Test
  void shouldSelectTheMetricsThatProcessorsAreNamedFor() {
    SpanMetricsSettings parts =
        settings("--processors", "span-metrics-count,span-metrics-latency").spanMetrics();
    SpanMetricsSettings size = settings("--processors", "span-metrics-size").spanMetrics();
    SpanMetricsSettings whole =
        settings("--processors", "span-metrics-size,span-metrics").spanMetrics();

    assertThat(parts.enabled()).isTrue();
    assertThat(parts.series().selection()).isEqualTo(new MetricSelection(Set.of(0), true));
    assertThat(size.series().selection()).isEqualTo(new MetricSelection(Set.of(1), false));
    assertThat(whole.series().selection()).isEqualTo(MetricSelection.ALL);
    assertThat(settings("--processors", "service-graphs").spanMetrics().enabled()).isFalse();
  }

  @Test
  void shouldKeepConfiguredBucketsForPartsOfAProcessor() {
    assertThat(
            settings(
                    "--processors",
                    "span-metrics-latency",
                    "--span-metrics-histogram-buckets",
                    "1,2")
                .spanMetrics()
                .bounds()
                .seconds())
        .containsExactly(1.0, 2.0);
  }

  @Test
  void shouldReadHowSpansAreWeighed() {
    assertThat(settings().spanMetrics().series().weights()).isEqualTo(WeightSettings.NONE);
    assertThat(
            settings(
                    "--span-metrics-span-multiplier-key",
                    "p",
                    "--span-metrics-enable-tracestate-span-multiplier",
                    "true",
                    "--compatibility-size-not-multiplied",
                    "true")
                .spanMetrics()
                .series()
                .weights())
        .isEqualTo(new WeightSettings("p", true, false));
  }

  @Test
  void shouldReadWhatKindOfHistogramsThereAre() {
    AggregateSettings both =
        settings(
            "--histograms",
            "both",
            "--native-histogram-bucket-factor",
            "2",
            "--native-histogram-max-bucket-number",
            "50",
            "--native-histogram-min-reset-duration",
            "1h");

    assertThat(both.spanMetrics().series().selection())
        .isEqualTo(new MetricSelection(Set.of(0, 1), true, true));
    assertThat(both.serviceGraph().series().natives())
        .isEqualTo(new NativeSettings(2.0, 50, Duration.ofHours(1)));
    assertThat(settings("--histograms", "native").spanMetrics().series().selection().classic())
        .isFalse();
    assertThatThrownBy(() -> settings("--native-histogram-bucket-factor", "1"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessage(
            "Invalid value 1.0 for configuration native.histogram.bucket.factor: must be more than 1");
  }

  @Test
  void shouldReadWhetherHistogramsHaveExemplars() {
    assertThat(settings().spanMetrics().series().hasExemplars()).isTrue();
    assertThat(settings("--exemplars-enabled", "false").serviceGraph().series().hasExemplars())
        .isFalse();
    assertThatThrownBy(() -> settings("--trace-id-label-name", "trace.id"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessage(
            "Invalid value trace.id for configuration trace.id.label.name: must be the name of a"
                + " label of at most 64 characters, other than span_id");
  }

  @Test
  void shouldReadHowTargetsAreTold() {
    AggregateSettings settings =
        settings(
            "--span-metrics-target-info-enabled",
            "true",
            "--span-metrics-target-info-excluded-dimensions",
            "container.id,zone",
            "--span-metrics-instance-label-enabled",
            "false");

    assertThat(settings.spanMetrics().targetInfo())
        .isEqualTo(new TargetInfoSettings(true, Set.of("container.id", "zone"), false));
  }

  @Test
  void shouldFilterForEachProcessorByAFileOfItsOwn() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("f"), "filter_policies: [{include: {match_type: strict}}]");

    AggregateSettings ofSpans = settings("--span-metrics-filter-policies", file.toString());
    AggregateSettings ofEdges = settings("--service-graph-filter-policies", file.toString());

    assertThat(ofSpans.spanMetrics().filter().isEmpty()).isFalse();
    assertThat(ofSpans.serviceGraph().filter().isEmpty()).isTrue();
    assertThat(ofEdges.spanMetrics().filter().isEmpty()).isTrue();
    assertThat(ofEdges.serviceGraph().filter().isEmpty()).isFalse();
  }

  @Test
  void shouldNameTheKeyWhoseFileIsNotThere() {
    assertThatThrownBy(() -> settings("--service-graph-filter-policies", "/no/such/file"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("service.graph.filter.policies");
  }

  private static AggregateSettings settings(String... arguments) {
    return StreamsSettings.from(
            SettingsLoader.load(
                StreamsSettings.define(new ConfigDef()), List.of(arguments), Map.of()))
        .aggregate();
  }
}
