package dev.weir.streams.overrides;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.streams.hostinfo.HostInfoSettings;
import dev.weir.streams.overrides.OverridesVersion.Source;
import dev.weir.streams.rewrite.LabelRewrites;
import dev.weir.streams.rewrite.RewriteChange;
import dev.weir.streams.rewrite.SpanNameMode;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.MetricSelection;
import dev.weir.streams.series.NativeSettings;
import dev.weir.streams.series.SeriesLimits;
import dev.weir.streams.series.SeriesSettings;
import dev.weir.streams.servicegraph.PeerNames;
import dev.weir.streams.servicegraph.ServiceGraphSettings;
import dev.weir.streams.spanmetrics.SpanMetricsSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VersionsTest {
  private static final long WINDOW_MILLIS = 10_000;
  private static final long APPENDED = 100 * WINDOW_MILLIS;
  private static final TenantSettings PROCESS =
      new TenantSettings(
          new SpanMetricsSettings(true, new HistogramBounds(List.of(1.0))),
          new ServiceGraphSettings(
              true,
              new HistogramBounds(List.of(0.1, 2.0)),
              Duration.ofSeconds(10),
              100,
              PeerNames.DEFAULT_PEER_ATTRIBUTES),
          HostInfoSettings.DISABLED,
          SeriesLimits.NONE);

  private static final Overrides NATIVES =
      OverridesText.read(
          "metrics_generator: {native_histogram_bucket_factor: 2, enable_exemplars: true,"
              + " native_histogram_max_bucket_number: 20,"
              + " native_histogram_min_reset_duration: 1h}");

  private final Versions versions = new Versions(WINDOW_MILLIS, PROCESS);

  @Test
  void shouldHaveTheProcessSettingsWhileThereIsNoVersion() {
    assertThat(versions.at("acme", 0))
        .isEqualTo(new EffectiveSettings(0, versions.at("acme", 0).settings()));
    assertThat(buckets("acme", 7)).containsExactly(1.0);
  }

  @Test
  void shouldHaveTheFirstBaseFromTheBeginningAndAnotherTwoWindowsAfterItsOwn() {
    versions.add(base(1, 2.0), APPENDED);
    versions.add(base(2, 3.0), APPENDED + WINDOW_MILLIS - 1);

    assertThat(buckets("acme", 0)).containsExactly(2.0);
    assertThat(buckets("acme", 101)).containsExactly(2.0);
    assertThat(buckets("acme", 102)).containsExactly(3.0);
    assertThat(versions.at("acme", 102).number()).isEqualTo(2);
  }

  @Test
  void shouldHaveTheProcessSettingsInThePlaceOfEveryBaseIfAsked() {
    Versions own = Versions.withoutBase(WINDOW_MILLIS, PROCESS);
    own.add(base(1, 2.0), APPENDED);
    own.add(base(2, 3.0), APPENDED);
    own.add(OverridesVersion.api(3, "acme", Optional.of(says("histogram_buckets: [4]"))), APPENDED);

    assertThat(own.at("other", 102).settings().spanMetrics().bounds().seconds())
        .containsExactly(1.0);
    assertThat(own.at("acme", 102).settings().spanMetrics().bounds().seconds())
        .containsExactly(4.0);
  }

  @Test
  void shouldNotHaveAVersionBeforeItsPredecessorIfTheBrokersClockWentBack() {
    versions.add(base(1, 1.0), APPENDED);
    versions.add(base(2, 2.0), APPENDED);
    versions.add(base(3, 3.0), APPENDED - 5 * WINDOW_MILLIS);

    assertThat(buckets("acme", 101)).containsExactly(1.0);
    assertThat(buckets("acme", 102)).containsExactly(3.0);
  }

  @Test
  void shouldTakeEachFieldFromTheUppermostThatSaysSomethingOfIt() {
    versions.add(base(1, 1.0), 0);
    versions.add(
        file(2, false, says("histogram_buckets: [2]"), Map.of("*", says("dimensions: [a]"))), 0);
    versions.add(
        file(3, false, null, Map.of("acme", says("dimensions: [b], enable_target_info: true"))), 0);
    versions.add(OverridesVersion.api(4, "acme", Optional.of(says("dimensions: []"))), 0);

    SpanMetricsSettings acme = versions.at("acme", 2).settings().spanMetrics();
    SpanMetricsSettings other = versions.at("other", 2).settings().spanMetrics();

    assertThat(acme.bounds().seconds()).containsExactly(2.0);
    assertThat(acme.dimensions().attributes()).isEmpty();
    assertThat(acme.targetInfo().enabled()).isTrue();
    assertThat(other.dimensions().attributes()).containsExactly("a");
    assertThat(versions.at("acme", 2).number()).isEqualTo(4);
    assertThat(versions.at("other", 2).number()).isEqualTo(2);
  }

  @Test
  void shouldPutATenantsEntryInThePlaceOfTheDefaultsIfTheFileSaysSo() {
    versions.add(base(1, 1.0), 0);
    versions.add(
        file(
            2,
            true,
            says("histogram_buckets: [2], dimensions: [a]"),
            Map.of("acme", says("dimensions: [b]"))),
        0);

    assertThat(buckets("acme", 2)).containsExactly(1.0);
    assertThat(versions.at("acme", 2).settings().spanMetrics().enabled()).isFalse();
    assertThat(buckets("other", 2)).containsExactly(2.0);
    assertThat(versions.at("other", 2).settings().spanMetrics().enabled()).isTrue();
  }

  @Test
  void shouldFallBackToWhatIsBelowWhenAnEntryIsGone() {
    versions.add(base(1, 1.0), 0);
    versions.add(OverridesVersion.api(2, "acme", Optional.of(says("histogram_buckets: [2]"))), 0);
    versions.add(OverridesVersion.api(3, "acme", Optional.empty()), WINDOW_MILLIS);

    assertThat(buckets("acme", 2)).containsExactly(2.0);
    assertThat(buckets("acme", 3)).containsExactly(1.0);
    assertThat(versions.newest(Source.API, "acme").number()).isEqualTo(3);
    assertThat(versions.tenants(Source.API)).isEmpty();
  }

  @Test
  void shouldLeaveOutALayerThatDoesNotGoWithWhatIsBelow() {
    Overrides mapping = says("dimension_mappings: [{name: a_b, source_labels: [x], join: ''}]");
    versions.add(base(1, 1.0), 0);
    versions.add(OverridesVersion.api(2, "acme", Optional.of(mapping)), 0);
    OverridesVersion file = file(3, false, says("dimensions: [a.b]"), Map.of());
    versions.add(file, WINDOW_MILLIS);

    assertThat(versions.at("acme", 2).settings().spanMetrics().dimensions().mappings()).hasSize(1);
    assertThat(versions.at("acme", 3).settings().spanMetrics().dimensions().mappings()).isEmpty();
    assertThatThrownBy(() -> versions.check(file, "acme"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("collides");
  }

  @Test
  void shouldSelectPartsOfProcessorsAndTheKindOfTheirHistograms() {
    Overrides parts =
        OverridesText.read(
            "metrics_generator: {generate_native_histograms: native,"
                + " processors: [span-metrics-count, service-graphs-latency]}");
    versions.add(OverridesVersion.api(1, "acme", Optional.of(parts)), 0);

    TenantSettings acme = versions.at("acme", 2).settings();
    assertThat(acme.spanMetrics().series().selection())
        .isEqualTo(new MetricSelection(Set.of(0), false));
    assertThat(acme.serviceGraph().series().selection())
        .isEqualTo(new MetricSelection(Set.of(), false, true));
    assertThat(versions.at("acme", 1).settings().spanMetrics().series().selection())
        .isEqualTo(MetricSelection.ALL);
  }

  @Test
  void shouldSayHowFineNativeHistogramsOfATenantAreAndWhetherTheyHaveExemplars() {
    versions.add(base(1, 1.0), 0);
    versions.add(OverridesVersion.api(2, "acme", Optional.of(NATIVES)), 0);

    for (SeriesSettings series : series("acme")) {
      assertThat(series.natives()).isEqualTo(new NativeSettings(2, 20, Duration.ofHours(1)));
      assertThat(series.exemplars()).isTrue();
    }
    for (SeriesSettings series : series("other")) {
      assertThat(series.natives()).isEqualTo(NativeSettings.DEFAULT);
      assertThat(series.exemplars()).isFalse();
    }
  }

  @Test
  void shouldKeepWhatTheDefaultsSayOfNativeHistogramsWhateverATenantsEntrySays() {
    versions.add(base(1, 1.0), 0);
    versions.add(file(2, true, NATIVES, Map.of("acme", says("dimensions: [b]"))), 0);

    for (SeriesSettings series : series("acme")) {
      assertThat(series.natives()).isEqualTo(new NativeSettings(2, 20, Duration.ofHours(1)));
      assertThat(series.exemplars()).isFalse();
    }
  }

  @Test
  void shouldKeepWhatTheDefaultsSayOfSpanNamesWhateverATenantsEntrySays() {
    Overrides enabled = OverridesText.read("metrics_generator: {span_name_sanitization: enabled}");
    versions.add(base(1, 1.0), 0);
    versions.add(file(2, true, enabled, Map.of("acme", says("dimensions: [b]"))), 0);

    assertThat(versions.at("acme", 2).settings().rewrites().spanNames())
        .isEqualTo(SpanNameMode.ENABLED);
  }

  private List<SeriesSettings> series(String tenant) {
    TenantSettings settings = versions.at(tenant, 2).settings();
    return List.of(settings.spanMetrics().series(), settings.serviceGraph().series());
  }

  @Test
  void shouldTakeTheProcessSettingsWhereABaseSaysNothing() {
    versions.add(OverridesVersion.base(1, says("dimensions: [a]")), 0);

    assertThat(buckets("acme", 0)).containsExactly(1.0);
    assertThat(versions.at("acme", 0).settings().spanMetrics().dimensions().attributes())
        .containsExactly("a");
  }

  @Test
  void shouldHaveWhatWasLearnedTwoWindowsLaterWhereSettingsAskForIt() {
    RewriteChange change = RewriteChange.read(Map.of("limited", Map.of("url", List.of())));
    versions.add(
        OverridesVersion.api(
            1,
            "acme",
            Optional.of(OverridesText.read("metrics_generator: {max_cardinality_per_label: 5}"))),
        0);
    versions.add(
        OverridesVersion.learned(2, Map.of("acme", change, "other", change)), WINDOW_MILLIS);

    assertThat(versions.at("acme", 2).rewrites()).isEqualTo(LabelRewrites.NONE);
    assertThat(versions.at("acme", 3).rewrites().limited()).containsOnlyKeys("url");
    assertThat(versions.at("acme", 3).rewrites().number()).isEqualTo(2);
    assertThat(versions.at("acme", 3).number()).isEqualTo(1);
    assertThat(versions.at("other", 3).rewrites()).isEqualTo(LabelRewrites.NONE);
    assertThat(versions.learned()).containsOnlyKeys("acme", "other");
  }

  @Test
  void shouldRefuseAGapInTheNumbers() {
    assertThatThrownBy(() -> versions.add(base(2, 1.0), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("version 2 of the overrides follows version 0");
  }

  private List<Double> buckets(String tenant, long window) {
    return versions.at(tenant, window).settings().spanMetrics().bounds().seconds();
  }

  private static OverridesVersion base(long number, double bound) {
    return OverridesVersion.base(
        number,
        new TenantSettings(
                new SpanMetricsSettings(true, new HistogramBounds(List.of(bound))),
                PROCESS.serviceGraph(),
                PROCESS.hostInfo(),
                PROCESS.limits())
            .toOverrides());
  }

  private static OverridesVersion file(
      long number,
      boolean replaces,
      @org.jspecify.annotations.Nullable Overrides defaults,
      Map<String, Overrides> tenants) {
    Map<String, Optional<Overrides>> entries = new java.util.HashMap<>();
    tenants.forEach((tenant, says) -> entries.put(tenant, Optional.of(says)));
    return new OverridesVersion(
        number, Source.FILE, Optional.ofNullable(defaults), replaces, entries);
  }

  /** Of span metrics, the fields in YAML's short form. */
  private static Overrides says(String spanMetrics) {
    return OverridesText.read(
        "metrics_generator: {processor: {span_metrics: {%s}}}".formatted(spanMetrics));
  }
}
