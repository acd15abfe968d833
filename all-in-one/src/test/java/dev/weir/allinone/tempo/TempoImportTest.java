package dev.weir.allinone.tempo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.settings.InvalidSettingsException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TempoImportTest {
  private static final String TEMPO =
      """
      multitenancy_enabled: true
      server: {http_listen_port: 3200}
      ingest:
        enabled: true
        kafka: {address: kafka:9092, topic: tempo-ingest, sasl_username: tempo}
      metrics_generator:
        codec: push-bytes
        ring: {kvstore: {store: memberlist}}
        processor:
          service_graphs:
            wait: 15s
            max_items: 50000
            workers: 20
            dimensions: [cluster]
            enable_virtual_node_label: true
          span_metrics:
            histogram_buckets: [0.01, 0.1, 1]
            dimensions: [http.route, zone]
            intrinsic_dimensions: {status_message: true, span_kind: false}
            dimension_mappings:
              - {name: endpoint, source_labels: [http.method, http.route], join: /}
            filter_policies:
              - include: {match_type: strict, attributes: [{key: kind, value: SPAN_KIND_SERVER}]}
        registry: {collection_interval: 30s, stale_duration: 10m, external_labels: {region: eu}}
        storage:
          path: /var/tempo/generator
          remote_write:
            - url: http://mimir:9009/api/v1/push
              headers: {X-Scope-OrgID: tempo}
      overrides:
        defaults:
          ingestion: {rate_limit_bytes: 20000000}
          metrics_generator: {processors: [service-graphs, span-metrics]}
        per_tenant_override_config: /conf/overrides.yaml
        per_tenant_override_period: 10s
      """;
  private static final String TENANTS =
      """
      overrides:
        checkout:
          metrics_generator:
            processors: [span-metrics]
            max_active_series: 60000
            ring_size: 3
            processor: {span_metrics: {dimensions: [cart.size]}}
      """;

  @Test
  void shouldSayWhatTheSettingsWouldBe() {
    assertThat(TempoImport.of(TEMPO, Optional.of(TENANTS)).text())
        .contains(
            "\nexternal.labels: region=eu\n",
            "\nkafka.bootstrap.servers: kafka:9092\n",
            "\nmultitenancy.enabled: 'true'\n",
            "\noverrides.file: overrides.yaml\n",
            "\nremote.write.config: remote-write.yaml\n",
            "\nservice.graph.wait: 15s\n",
            "\nspan.metrics.dimension.mappings: endpoint=/:http.method;http.route\n",
            "\nspan.metrics.histogram.buckets: 0.01,0.1,1\n",
            "\nspan.metrics.intrinsic.dimensions: service,span_name,status_code,status_message\n",
            "\nspans.codec: push-bytes\n",
            "\nwindow: 30s\n",
            "\n# remote-write.yaml\nremote_write:\n- url: http://mimir:9009/api/v1/push\n",
            "\n# span-metrics-filter.yaml\nfilter_policies:\n- include:\n",
            "compatibility.tenant.overrides.replace.defaults: 'true'");
  }

  @Test
  void shouldSayWhatItIgnoresAndWhy() {
    assertThat(TempoImport.of(TEMPO, Optional.of(TENANTS)).ignored())
        .contains(
            "server: belongs to another part of Tempo",
            "metrics_generator.ring.kvstore.store: there is no ring; Kafka assigns partitions",
            "metrics_generator.storage.path: samples wait in Kafka, not on a disk",
            "overrides.per_tenant_override_period: is overrides.file.period",
            "overrides.checkout.metrics_generator.ring_size: Weir has no such thing",
            "defaults.ingestion: Weir has no such thing")
        .noneMatch(line -> line.startsWith("overrides.per_tenant_override_config"));
    assertThat(TempoImport.of(TEMPO, Optional.empty()).ignored())
        .contains("overrides.per_tenant_override_config: give that file as a second argument");
  }

  @Test
  void shouldHaveNoProcessorsUnlessTempoHas() {
    assertThat(TempoImport.of("metrics_generator: {}", Optional.empty()).text())
        .contains("    processors: []\n")
        .doesNotContain("ignored");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | the file must be a mapping",
        "{overrides: 1} | overrides must be a mapping",
        "{overrides: {defaults: {metrics_generator: {x: 1}}}} | defaults: unknown field \"x\"",
        "{metrics_generator: {processor: {span_metrics: {intrinsic_dimensions: 7}}}} | metrics_generator.processor.span_metrics.intrinsic_dimensions has a value that cannot be read: 7",
      })
  void shouldSayWhatIsWrong(String text, String message) {
    assertThatThrownBy(() -> TempoImport.of(text, Optional.empty()))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessage(message);
  }

  @Test
  void shouldRefuseAValueThatWeirRefuses() {
    assertThatThrownBy(
            () ->
                TempoImport.of(
                    "metrics_generator: {registry: {collection_interval: 1h}}", Optional.empty()))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("window");
  }
}
