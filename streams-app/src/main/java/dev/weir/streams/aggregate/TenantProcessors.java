package dev.weir.streams.aggregate;

import dev.weir.schemas.otlp.TracesDataReader;
import dev.weir.streams.filter.SpanFilter;
import dev.weir.streams.overrides.EffectiveSettings;
import dev.weir.streams.overrides.TenantSettings;
import dev.weir.streams.servicegraph.Edges;
import dev.weir.streams.servicegraph.PeerNames;
import dev.weir.streams.spanmetrics.SpanMetrics;

/** The processors of one tenant in one partition, under one version. Not thread-safe. */
final class TenantProcessors {
  private final long version;
  private final TenantSettings settings;
  private final SpanMetrics spanMetrics;
  private final Edges edges;
  private final PeerNames names;
  private final SpanFilter graphFilter;
  private final TracesDataReader reader;

  TenantProcessors(byte[] tenant, EffectiveSettings effective, AggregateSettings process) {
    this.version = effective.number();
    this.settings = effective.settings();
    this.spanMetrics =
        new SpanMetrics(
            tenant, settings.spanMetrics(), process.shards(), process.maxLabelValueBytes());
    this.edges =
        new Edges(
            tenant,
            settings.serviceGraph().edges(),
            settings.serviceGraph().bounds(),
            process.shards(),
            process.maxLabelValueBytes());
    this.names =
        new PeerNames(
            settings.serviceGraph().peerAttributes(), settings.serviceGraph().edges().dimensions());
    this.graphFilter = new SpanFilter(settings.serviceGraph().filter());
    this.reader = new TracesDataReader(names.keys());
  }

  /** The version that they are made by. */
  long version() {
    return version;
  }

  TenantSettings settings() {
    return settings;
  }

  SpanMetrics spanMetrics() {
    return spanMetrics;
  }

  Edges edges() {
    return edges;
  }

  /** Tells who is at the ends of calls. */
  PeerNames names() {
    return names;
  }

  /** Which spans take part in edges. */
  SpanFilter graphFilter() {
    return graphFilter;
  }

  /** Finds what the others need in a record. */
  TracesDataReader reader() {
    return reader;
  }

  boolean isTouched() {
    return spanMetrics.isTouched() || edges.isTouched();
  }
}
