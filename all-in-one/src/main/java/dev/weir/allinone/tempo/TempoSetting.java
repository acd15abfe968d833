package dev.weir.allinone.tempo;

import dev.weir.app.settings.InvalidSettingsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A setting of Tempo's that Weir has, too. */
final class TempoSetting {
  private static final String SPAN_METRICS = "metrics_generator.processor.span_metrics.";
  private static final String SERVICE_GRAPHS = "metrics_generator.processor.service_graphs.";
  private static final String HOST_INFO = "metrics_generator.processor.host_info.";

  /** The settings by their path. */
  static final Map<String, TempoSetting> BY_PATH =
      Stream.of(
              value("metrics_generator.registry.collection_interval", "window"),
              value("metrics_generator.registry.stale_duration", "stale.after"),
              value("metrics_generator.registry.max_label_value_length", "max.label.value.length"),
              value("metrics_generator.registry.max_label_name_length", "max.label.name.length"),
              value("metrics_generator.registry.inject_tenant_id_as", "inject.tenant.id.as"),
              labels("metrics_generator.registry.external_labels", "external.labels"),
              value("metrics_generator.limiter_type", "limiter.type"),
              value("metrics_generator.codec", "spans.codec"),
              value("multitenancy_enabled", "multitenancy.enabled"),
              value("ingest.kafka.address", "kafka.bootstrap.servers"),
              value("ingest.kafka.topic", "spans.topic"),
              value(SPAN_METRICS + "histogram_buckets", "span.metrics.histogram.buckets"),
              value(SPAN_METRICS + "dimensions", "span.metrics.dimensions"),
              value(SPAN_METRICS + "enable_target_info", "span.metrics.target.info.enabled"),
              value(
                  SPAN_METRICS + "target_info_excluded_dimensions",
                  "span.metrics.target.info.excluded.dimensions"),
              value(SPAN_METRICS + "enable_instance_label", "span.metrics.instance.label.enabled"),
              intrinsics(
                  SPAN_METRICS + "intrinsic_dimensions", "span.metrics.intrinsic.dimensions"),
              mappings(SPAN_METRICS + "dimension_mappings", "span.metrics.dimension.mappings"),
              value(SPAN_METRICS + "span_multiplier_key", "span.metrics.span.multiplier.key"),
              value(
                  SPAN_METRICS + "enable_tracestate_span_multiplier",
                  "span.metrics.enable.tracestate.span.multiplier"),
              file(
                  SPAN_METRICS + "filter_policies",
                  "span.metrics.filter.policies",
                  "span-metrics-filter.yaml",
                  "filter_policies"),
              value(SERVICE_GRAPHS + "wait", "service.graph.wait"),
              value(SERVICE_GRAPHS + "max_items", "service.graph.max.items"),
              value(SERVICE_GRAPHS + "histogram_buckets", "service.graph.histogram.buckets"),
              value(SERVICE_GRAPHS + "dimensions", "service.graph.dimensions"),
              value(SERVICE_GRAPHS + "peer_attributes", "service.graph.peer.attributes"),
              value(
                  SERVICE_GRAPHS + "enable_client_server_prefix",
                  "service.graph.enable.client.server.prefix"),
              value(
                  SERVICE_GRAPHS + "enable_virtual_node_label",
                  "service.graph.enable.virtual.node.label"),
              value(
                  SERVICE_GRAPHS + "enable_messaging_system_latency_histogram",
                  "service.graph.enable.messaging.system.latency.histogram"),
              value(SERVICE_GRAPHS + "span_multiplier_key", "service.graph.span.multiplier.key"),
              value(
                  SERVICE_GRAPHS + "enable_tracestate_span_multiplier",
                  "service.graph.enable.tracestate.span.multiplier"),
              file(
                  SERVICE_GRAPHS + "filter_policies",
                  "service.graph.filter.policies",
                  "service-graph-filter.yaml",
                  "filter_policies"),
              value(HOST_INFO + "host_identifiers", "host.info.host.identifiers"),
              value(HOST_INFO + "metric_name", "host.info.metric.name"),
              value(
                  "metrics_generator.storage.remote_write_add_org_id_header",
                  "remote.write.add.org.id.header"),
              file(
                  "metrics_generator.storage.remote_write",
                  "remote.write.config",
                  TempoImport.remoteWriteFile(),
                  "remote_write"))
          .collect(Collectors.toUnmodifiableMap(setting -> setting.path, setting -> setting));

  private static final Map<String, String> REASONS =
      Map.ofEntries(
          Map.entry(SERVICE_GRAPHS + "workers", "edges are paired by the tasks themselves"),
          Map.entry("metrics_generator.ring", "there is no ring; Kafka assigns partitions"),
          Map.entry("metrics_generator.override_ring_key", "there is no ring"),
          Map.entry("metrics_generator.storage", "samples wait in Kafka, not on a disk"),
          Map.entry(
              "metrics_generator.metrics_ingestion_time_range_slack",
              "spans count in the window in which they came, however old they are"),
          Map.entry("overrides.per_tenant_override_config", "give that file as a second argument"),
          Map.entry("overrides.per_tenant_override_period", "is overrides.file.period"),
          Map.entry(
              "overrides.user_configurable_overrides", "is overrides.api.enabled, with Kafka"),
          Map.entry("ingest", "say it by kafka.* and a property of Kafka's Java clients"));

  private final String path;
  private final Writer writer;

  /** Writes what a value is in Weir. */
  @FunctionalInterface
  private interface Writer {
    void write(Object form, Map<String, String> settings, Map<String, Object> files);
  }

  private TempoSetting(String path, Writer writer) {
    this.path = path;
    this.writer = writer;
  }

  /**
   * Adds what a value is in Weir.
   *
   * @throws InvalidSettingsException if it has another type than this setting has
   */
  void put(Object form, Map<String, String> settings, Map<String, Object> files) {
    try {
      writer.write(form, settings, files);
    } catch (ClassCastException e) {
      throw new InvalidSettingsException(
          "%s has a value that cannot be read: %s".formatted(path, form));
    }
  }

  /** Why a setting is ignored. */
  static String reason(String path) {
    String name = path;
    while (!REASONS.containsKey(name) && name.contains(".")) {
      name = name.substring(0, name.lastIndexOf('.'));
    }
    return REASONS.getOrDefault(name, "Weir has no such thing");
  }

  private static TempoSetting value(String path, String key) {
    return new TempoSetting(path, (form, settings, files) -> settings.put(key, text(form)));
  }

  private static String text(Object form) {
    return form instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
        : String.valueOf(form);
  }

  private static TempoSetting labels(String path, String key) {
    return new TempoSetting(
        path,
        (form, settings, files) ->
            settings.put(
                key,
                ((Map<?, ?>) form)
                    .entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(","))));
  }

  private static TempoSetting intrinsics(String path, String key) {
    return new TempoSetting(
        path,
        (form, settings, files) -> {
          Map<?, ?> flags = (Map<?, ?>) form;
          List<String> names =
              new ArrayList<>(List.of("service", "span_name", "span_kind", "status_code"));
          flags.forEach(
              (name, flag) -> {
                names.remove(String.valueOf(name));
                if ((Boolean) flag) {
                  names.add(String.valueOf(name));
                }
              });
          settings.put(key, String.join(",", names));
        });
  }

  private static TempoSetting mappings(String path, String key) {
    return new TempoSetting(
        path,
        (form, settings, files) ->
            settings.put(
                key,
                ((List<?>) form)
                    .stream()
                        .map(mapping -> mapping((Map<?, ?>) mapping))
                        .collect(Collectors.joining(","))));
  }

  private static String mapping(Map<?, ?> mapping) {
    Object join = mapping.get("join");
    if (!(mapping.get("source_labels") instanceof List<?> labels)) {
      throw new InvalidSettingsException(
          "the dimension mapping %s has no source_labels".formatted(mapping.get("name")));
    }
    String sources = labels.stream().map(String::valueOf).collect(Collectors.joining(";"));
    return "%s=%s:%s".formatted(mapping.get("name"), join == null ? "" : join, sources);
  }

  private static TempoSetting file(String path, String key, String name, String section) {
    return new TempoSetting(
        path,
        (form, settings, files) -> {
          if (!List.of().equals(form)) {
            files.put(name, new LinkedHashMap<>(Map.of(section, form)));
            settings.put(key, name);
          }
        });
  }
}
