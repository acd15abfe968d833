package dev.weir.streams.aggregate;

import dev.weir.schemas.otlp.TracesDataReader;
import dev.weir.streams.filter.SpanFilter;
import dev.weir.streams.hostinfo.HostInfo;
import dev.weir.streams.overrides.EffectiveSettings;
import dev.weir.streams.overrides.TenantSettings;
import dev.weir.streams.rewrite.LabelObservations;
import dev.weir.streams.rewrite.LabelRewriter;
import dev.weir.streams.rewrite.RewriteSettings;
import dev.weir.streams.series.DeltaSink;
import dev.weir.streams.series.LabelsWriter;
import dev.weir.streams.series.ValueRewriter;
import dev.weir.streams.servicegraph.CallSides;
import dev.weir.streams.servicegraph.Edges;
import dev.weir.streams.servicegraph.GraphNodes;
import dev.weir.streams.servicegraph.PeerNames;
import dev.weir.streams.spanmetrics.SpanMetrics;

/** The processors of one tenant in one partition, under one version. Not thread-safe. */
final class TenantProcessors {
  private final long version;
  private final long rewrites;
  private final TenantSettings settings;
  private final SpanMetrics spanMetrics;
  private final Edges edges;
  private final HostInfo hostInfo;
  private final CallSides sides;
  private final TracesDataReader reader;

  /**
   * @param observations where is noted what is new in labels
   * @param nodes those of the partition's service graph
   */
  TenantProcessors(
      byte[] tenant,
      EffectiveSettings effective,
      AggregateSettings process,
      LabelObservations observations,
      GraphNodes nodes) {
    this.version = effective.number();
    this.rewrites = effective.rewrites().number();
    this.settings = effective.settings();
    ValueRewriter rewriter =
        LabelRewriter.of(settings.rewrites(), effective.rewrites(), observations);
    this.spanMetrics =
        new SpanMetrics(
            tenant, settings.spanMetrics(), process.shards(), process.labels(), rewriter);
    this.edges =
        new Edges(
            tenant,
            settings.serviceGraph().edges(),
            settings.serviceGraph().series(),
            settings.serviceGraph().bounds(),
            process.shards(),
            process.labels(),
            rewriter,
            nodes);
    this.hostInfo =
        new HostInfo(
            tenant, settings.hostInfo(), process.shards(), new LabelsWriter(process.labels()));
    PeerNames names =
        new PeerNames(
            settings.serviceGraph().peerAttributes(),
            settings.serviceGraph().edges().dimensions(),
            process.labels().values(),
            nodes);
    this.sides =
        new CallSides(
            names,
            new SpanFilter(settings.serviceGraph().filter()),
            settings.serviceGraph().pairing().links(),
            settings.serviceGraph().series().weights());
    this.sides.tenant(tenant);
    this.reader = new TracesDataReader();
  }

  /** The version that they are made by. */
  long version() {
    return version;
  }

  /** The version of what was learned of labels that they are made by; 0 if nothing was. */
  long rewrites() {
    return rewrites;
  }

  boolean areMadeBy(EffectiveSettings effective) {
    return version == effective.number() && rewrites == effective.rewrites().number();
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

  HostInfo hostInfo() {
    return hostInfo;
  }

  /** Makes half edges of its spans. */
  CallSides sides() {
    return sides;
  }

  /** Finds what the others need in a record. */
  TracesDataReader reader() {
    return reader;
  }

  boolean isTouched() {
    return spanMetrics.isTouched() || edges.isTouched() || hostInfo.isTouched();
  }

  void drain(DeltaSink sink) {
    spanMetrics.drain(sink);
    edges.drain(sink);
    hostInfo.drain(sink);
  }

  /** Forgets the keys of each processor if they take much memory. */
  void forgetIfLargerThan(int maxBytes) {
    spanMetrics.forgetIfLargerThan(maxBytes);
    edges.forgetIfLargerThan(maxBytes);
    hostInfo.forgetIfLargerThan(maxBytes);
  }

  /**
   * Forgets all keys if values of labels may be rewritten: the label sets that are in use are made,
   * and what is new in them is noted, once more.
   */
  void noteAnew() {
    if (!settings.rewrites().equals(RewriteSettings.NOTHING)) {
      forgetIfLargerThan(0);
    }
  }

  /** Forgets what is staged. */
  void discard() {
    spanMetrics.discard();
    hostInfo.discard();
    sides.discard();
  }
}
