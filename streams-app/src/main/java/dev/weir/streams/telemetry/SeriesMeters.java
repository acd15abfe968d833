package dev.weir.streams.telemetry;

import dev.weir.streams.cardinality.CardinalityReport;
import dev.weir.streams.cardinality.Demand;
import dev.weir.streams.cardinality.LabelCardinality;
import dev.weir.streams.cardinality.ShardCardinality;
import dev.weir.streams.merge.TenantUsage;
import dev.weir.streams.series.SeriesLimits;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What tenants have in this instance's shards, what they ask for, and what limits took from them.
 * Thread-safe.
 */
public final class SeriesMeters {
  private static final Logger LOG = LoggerFactory.getLogger(SeriesMeters.class);
  private static final long LOG_INTERVAL_MILLIS = 60_000;
  private static final int LABELS_IN_LOG = 3;

  private final MeterRegistry registry;
  private final CardinalityReport report = new CardinalityReport();
  private final ConcurrentMap<Integer, ShardCardinality> shards = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, ConcurrentMap<Integer, Figures>> tenants =
      new ConcurrentHashMap<>();
  private final AtomicLong nextLog = new AtomicLong(Long.MIN_VALUE);

  /** A shard's last figures. */
  private record Figures(TenantUsage usage, Demand demand) {}

  SeriesMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** What the shards of this instance know of labels. */
  public CardinalityReport report() {
    return report;
  }

  /** A shard came to this instance. */
  public void shard(int shard, ShardCardinality cardinality) {
    shards.put(shard, cardinality);
    report.shard(shard, cardinality);
  }

  /** A shard is no longer this instance's. */
  public void shardLeft(int shard) {
    shards.remove(shard);
    report.shardLeft(shard);
    tenants.values().forEach(figures -> figures.remove(shard));
  }

  /** What a shard has to say of its tenants after it closed windows. */
  public void usage(int shard, List<TenantUsage> usages, long nowMillis) {
    ShardCardinality cardinality = shards.get(shard);
    for (TenantUsage usage : usages) {
      Demand demand = cardinality == null ? Demand.NONE : cardinality.demand(usage.tenant());
      tenants
          .computeIfAbsent(usage.tenant(), this::register)
          .put(shard, new Figures(usage, demand));
      count(usage, "added", "Became active.", usage.added());
      count(usage, "removed", "Ended since they did not grow.", usage.removed());
      count(
          usage,
          "limited",
          "Were folded into overflow series for a window, since they are beyond a limit.",
          usage.limited());
      if (usage.limited().entities() > 0) {
        log(usage, nowMillis);
      }
    }
    if (cardinality != null) {
      forgetDemand(shard, cardinality, usages);
    }
  }

  /** A tenant that has nothing left here still asks for what it had, until that is forgotten. */
  private void forgetDemand(int shard, ShardCardinality cardinality, List<TenantUsage> usages) {
    Set<String> told = usages.stream().map(TenantUsage::tenant).collect(Collectors.toSet());
    tenants.forEach(
        (tenant, figures) ->
            figures.computeIfPresent(
                shard,
                (key, last) ->
                    told.contains(tenant) || last.demand().equals(Demand.NONE)
                        ? last
                        : new Figures(last.usage(), cardinality.demand(tenant))));
  }

  private void count(TenantUsage usage, String what, String meaning, TenantUsage.Count count) {
    counter("series", usage.tenant(), what, "Series: " + meaning)
        .increment((double) count.series());
    counter("entities", usage.tenant(), what, "Label sets: " + meaning)
        .increment((double) count.entities());
  }

  private Counter counter(String unit, String tenant, String what, String description) {
    return Counter.builder("weir.streams." + unit + "." + what)
        .description(description)
        .tag("tenant", tenant)
        .register(registry);
  }

  private ConcurrentMap<Integer, Figures> register(String tenant) {
    ConcurrentMap<Integer, Figures> figures = new ConcurrentHashMap<>();
    gauge("series.active", tenant, "Active series.", figures, of -> of.usage().active().series());
    gauge(
        "entities.active",
        tenant,
        "Active label sets of metric groups.",
        figures,
        of -> of.usage().active().entities());
    gauge(
        "series.demand",
        tenant,
        "Series that would be active without limits, estimated.",
        figures,
        of -> of.demand().series());
    gauge(
        "entities.demand",
        tenant,
        "Label sets that would be active without limits, estimated.",
        figures,
        of -> of.demand().entities());
    limit(
        "series.max",
        tenant,
        "Most active series in all shards, of this instance and others; 0 is no limit.",
        figures,
        SeriesLimits::maxSeries);
    limit(
        "entities.max",
        tenant,
        "Most active label sets in all shards, of this instance and others; 0 is no limit.",
        figures,
        SeriesLimits::maxEntities);
    return figures;
  }

  private void gauge(
      String name,
      String tenant,
      String description,
      Map<Integer, Figures> figures,
      ToLongFunction<Figures> figure) {
    Gauge.builder(
            "weir.streams." + name,
            figures,
            map -> (double) map.values().stream().mapToLong(figure).sum())
        .description(description)
        .tag("tenant", tenant)
        .register(registry);
  }

  private void limit(
      String name,
      String tenant,
      String description,
      Map<Integer, Figures> figures,
      ToLongFunction<SeriesLimits> max) {
    Gauge.builder(
            "weir.streams." + name,
            figures,
            map ->
                (double)
                    map.values().stream()
                        .mapToLong(of -> max.applyAsLong(of.usage().limits()))
                        .max()
                        .orElse(0))
        .description(description)
        .tag("tenant", tenant)
        .register(registry);
  }

  private void log(TenantUsage usage, long nowMillis) {
    long next = nextLog.get();
    if (nowMillis < next || !nextLog.compareAndSet(next, nowMillis + LOG_INTERVAL_MILLIS)) {
      return;
    }
    LOG.warn(
        "tenant {} is at its limit of {} ({}): growth of {} label sets goes to overflow series; labels with most values: {}",
        usage.tenant(),
        usage.limits().max(),
        usage.limits().by().name().toLowerCase(Locale.ROOT),
        usage.limited().entities(),
        offenders(usage.tenant()));
  }

  private String offenders(String tenant) {
    return report
        .tenant(tenant)
        .map(
            known ->
                known.labels().stream()
                    .limit(LABELS_IN_LOG)
                    .map(SeriesMeters::text)
                    .collect(Collectors.joining(", ")))
        .orElse("");
  }

  private static String text(LabelCardinality label) {
    return label.exampleSpanName().isEmpty()
        ? "%s (%d)".formatted(label.label(), label.distinctValues())
        : "%s (%d, last new at span %s)"
            .formatted(label.label(), label.distinctValues(), label.exampleSpanName());
  }
}
