package dev.weir.benchmarks.load;

import dev.weir.benchmarks.payload.Shape;
import java.nio.file.Path;

/**
 * What Tempo is told: to be a metrics-generator alone, on loopback alone, that reads the topic by
 * itself and drops nothing.
 *
 * @param shape whose overrides are in force for every tenant
 * @param servers the brokers
 * @param group of consumers; one that is new reads the topic from its beginning
 * @param url where samples are written to
 * @param directory for its write-ahead log
 * @param httpPort where it tells its metrics
 * @param grpcPort that it insists on
 */
record TempoConfig(
    Shape shape,
    String servers,
    String group,
    String url,
    Path directory,
    int httpPort,
    int grpcPort) {
  /** Longer than any topic has waited to be read; by default, spans of 30 s ago are discarded. */
  private static final String SLACK = "87600h";

  /**
   * Sides of calls that may wait. A trace's first span always does, for 10 s by the wall clock, in
   * which a replay reads some hundred thousand traces; there is room for 10,000 by default.
   */
  private static final int MAX_ITEMS = 10_000_000;

  String yaml() {
    return """
    target: metrics-generator
    multitenancy_enabled: false
    usage_report: {reporting_enabled: false}
    server:
      http_listen_address: 127.0.0.1
      http_listen_port: %d
      grpc_listen_address: 127.0.0.1
      grpc_listen_port: %d
      log_level: warn
    memberlist:
      bind_addr: [127.0.0.1]
      bind_port: 0
      abort_if_cluster_join_fails: false
    live_store:
      ring: {kvstore: {store: inmemory}, instance_addr: 127.0.0.1}
      partition_ring: {kvstore: {store: inmemory}}
    ingest:
      kafka:
        address: %s
        topic: %s
        consumer_group: %s
        auto_create_topic_enabled: false
    """
            .formatted(httpPort, grpcPort, servers, LoadSettings.TOPIC, group)
        + generator()
        + overrides();
  }

  private String generator() {
    return """
    metrics_generator:
      instance_id: %s
      ring_mode: generator
      codec: otlp
      ring: {kvstore: {store: inmemory}, instance_addr: 127.0.0.1}
      metrics_ingestion_time_range_slack: %s
      processor:
        service_graphs: {max_items: %d}
      storage:
        path: %s
        remote_write:
          - {url: '%s', send_exemplars: true}
    storage:
      trace:
        backend: local
        local: {path: %s}
        wal: {path: %s}
    """
        .formatted(group, SLACK, MAX_ITEMS, file("wal"), url, file("blocks"), file("blocks-wal"));
  }

  private String overrides() {
    return """
    overrides:
      defaults:
        metrics_generator:
          ingestion_time_range_slack: %s
          max_active_series: 0
    """
            .formatted(SLACK)
        + shape.tempoOverrides().indent(6);
  }

  /** In quotes, since a path may have any characters. */
  private String file(String name) {
    return "'" + directory.resolve(name).toString().replace("'", "''") + "'";
  }
}
