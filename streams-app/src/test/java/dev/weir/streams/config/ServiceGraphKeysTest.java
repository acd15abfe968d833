package dev.weir.streams.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.streams.series.MetricSelection;
import dev.weir.streams.servicegraph.EdgeSettings;
import dev.weir.streams.servicegraph.Pairing;
import dev.weir.streams.servicegraph.ServiceGraphSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

class ServiceGraphKeysTest {
  @Test
  void shouldTellNothingBeyondTheTwoServicesUnlessAsked() {
    assertThat(graph().edges()).isEqualTo(EdgeSettings.PLAIN);
  }

  @Test
  void shouldReadWhatIsToldOfEdges() {
    ServiceGraphSettings graph =
        graph(
            "--processors",
            "service-graphs,service-graphs-connection-info",
            "--service-graph-dimensions",
            "zone,tier",
            "--service-graph-enable-client-server-prefix",
            "true",
            "--service-graph-enable-virtual-node-label",
            "true",
            "--service-graph-enable-messaging-system-latency-histogram",
            "true");

    assertThat(graph.edges())
        .isEqualTo(new EdgeSettings(List.of("zone", "tier"), true, true, true, true, true));
  }

  @Test
  void shouldTellOfConnectionsOnlyIfThatIsAllThatIsAskedFor() {
    ServiceGraphSettings graph = graph("--processors", "service-graphs-connection-info");

    assertThat(graph.enabled()).isTrue();
    assertThat(graph.edges().requests()).isFalse();
    assertThat(graph.edges().connectionInfo()).isTrue();
  }

  @Test
  void shouldPairAsTempoDoesIfAsked() {
    assertThat(
            graph(
                    "--service-graph-enable-several-servers",
                    "false",
                    "--service-graph-enable-database-wait",
                    "false")
                .pairing())
        .isEqualTo(Pairing.PLAIN);
    assertThat(graph().pairing()).isEqualTo(new Pairing(true, true, true, false));
  }

  @Test
  void shouldFollowLinksWhereTheyLeadUnlessAsked() {
    assertThat(graph("--spans-routed-by-trace", "false").pairing().links()).isTrue();
    assertThat(
            graph("--spans-routed-by-trace", "false", "--service-graph-enable-links", "false")
                .pairing()
                .links())
        .isFalse();
  }

  @Test
  void shouldRefuseToFollowLinksThatLeadToOtherPartitions() {
    assertThatThrownBy(() -> graph("--service-graph-enable-links", "true"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessage(
            "Invalid value true for configuration service.graph.enable.links: links lead to other"
                + " traces, which may be in other partitions; it needs spans.routed.by.trace=false");
  }

  @Test
  void shouldSelectTheMetricsThatProcessorsAreNamedFor() {
    ServiceGraphSettings requests = graph("--processors", "service-graphs-request");
    ServiceGraphSettings latency =
        graph(
            "--processors",
            "service-graphs-latency",
            "--service-graph-enable-messaging-system-latency-histogram",
            "true");

    assertThat(requests.enabled()).isTrue();
    assertThat(requests.series().selection()).isEqualTo(new MetricSelection(Set.of(0, 1), false));
    assertThat(requests.edges().requests()).isTrue();
    assertThat(latency.series().selection()).isEqualTo(new MetricSelection(Set.of(), true));
    assertThat(latency.edges().messagingLatency()).isTrue();
  }

  @Test
  void shouldRefuseADimensionWhoseLabelMetricsHave() {
    assertThatThrownBy(() -> graph("--service-graph-dimensions", "zone,le"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessage(
            "Invalid value zone,le for configuration service.graph.dimensions:"
                + " dimension \"le\" makes the label \"le\", which metrics"
                + " have already");
  }

  private static ServiceGraphSettings graph(String... arguments) {
    return StreamsSettings.from(
            SettingsLoader.load(
                StreamsSettings.define(new ConfigDef()), List.of(arguments), Map.of()))
        .aggregate()
        .serviceGraph();
  }
}
