package dev.weir.streams.simulator;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.streams.aggregate.AggregateSettings;
import dev.weir.streams.aggregate.RecordTime;
import dev.weir.streams.filter.FilterPolicies;
import dev.weir.streams.filter.FilterPolicy;
import dev.weir.streams.filter.FilterPolicy.Attribute;
import dev.weir.streams.filter.FilterPolicy.Rule;
import dev.weir.streams.hostinfo.HostInfoSettings;
import dev.weir.streams.merge.MergeSettings;
import dev.weir.streams.outbox.ExemplarFormat;
import dev.weir.streams.outbox.ExternalLabels;
import dev.weir.streams.outbox.SampleNaming;
import dev.weir.streams.overrides.EffectiveSettings;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.LabelRules;
import dev.weir.streams.series.MetricSelection;
import dev.weir.streams.series.NativeSettings;
import dev.weir.streams.series.SeriesLimits;
import dev.weir.streams.series.SeriesSettings;
import dev.weir.streams.series.ValueRules;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The settings, how they change in mid-stream, and the log that a seed stands for. */
record Scenario(
    Duration window,
    RecordTime time,
    Duration graphWait,
    Room room,
    int staleAfterWindows,
    LabelRules labels,
    SampleNaming naming,
    List<Double> spanMetricsBounds,
    List<Double> serviceGraphBounds,
    List<String> peerAttributes,
    EdgeSettings edges,
    Dimensions dimensions,
    List<FilterPolicy> filter,
    List<FilterPolicy> graphFilter,
    Pairing pairing,
    TargetInfoSettings targetInfo,
    SeriesLimits limits,
    boolean lastDimensionDecides,
    HostInfoSettings hostInfo,
    boolean hasSpanMetrics,
    boolean hasServiceGraphs,
    MetricSelection spanMetrics,
    MetricSelection requests,
    WeightSettings spanWeights,
    WeightSettings edgeWeights,
    NativeSettings natives,
    boolean exemplars,
    List<Change> changes,
    SpanLog log) {

  /**
   * Other settings from a window on.
   *
   * @param tenant whose; empty for all
   * @param to what a tenant's settings are then
   */
  record Change(long window, String tenant, Scenario to) {
    private Change unweighted() {
      return new Change(window, tenant, to.unweighted());
    }
  }

  private static final List<Double> DEFAULT_SPAN_METRICS_BOUNDS =
      List.of(
          0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096, 8.192,
          16.384);
  private static final List<Double> DEFAULT_SERVICE_GRAPH_BOUNDS =
      List.of(0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8);
  private static final List<String> DEFAULT_PEER_ATTRIBUTES =
      List.of("peer.service", "db.name", "db.system", "db.system.name");

  private static final List<String> DIMENSIONS =
      List.of(
          "peer.service",
          "peer_service",
          "db.name",
          "host.name",
          "service.name",
          "job",
          "nowhere",
          "network.peer.address.a",
          "network.peer.address.b");
  private static final List<DimensionMapping> MAPPINGS =
      List.of(
          new DimensionMapping("span.name", "->", List.of("peer", "db.name", "db.system")),
          new DimensionMapping("whence", "", List.of("network.peer.address", "peer")));

  private static final List<String> HOST_IDENTIFIERS =
      List.of("service.instance.id", "zone", "host.name");

  private static final List<FilterPolicy> POLICIES =
      List.of(
          new FilterPolicy(
              rule("regex", "kind", "SERVER|CLIENT|7"), Optional.empty(), Optional.empty()),
          new FilterPolicy(
              Optional.empty(), rule("strict", "span.db.name", "me"), Optional.empty()),
          new FilterPolicy(
              Optional.empty(), Optional.empty(), rule("regex", "resource.service.name", "^c|ay")));

  static Scenario of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Duration window = Duration.ofSeconds(List.of(1, 10, 15).get(random.nextInt(3)));
    Duration bound = Duration.ofSeconds(random.nextInt(10) == 0 ? 10 : 1);
    RecordTime time = new RecordTime(new SplittableRandom(seed * 43).nextInt(3) == 0, bound);
    Duration graphWait = Duration.ofMillis(random.nextLong(1, 4 * window.toMillis()));
    Pairing pairing = pairing(new SplittableRandom(seed * 37));
    boolean defaultBounds = random.nextInt(8) == 0;
    return new Scenario(
            window,
            time,
            graphWait,
            random.nextInt(5) == 0 && pairing.routedByTrace()
                ? room(random)
                : new Room(10_000, 10_000),
            random.nextInt(1, 5),
            labels(seed, random.nextInt(5) == 0 ? random.nextInt(1, 12) : 0),
            naming(seed),
            defaultBounds ? DEFAULT_SPAN_METRICS_BOUNDS : List.of(0.002, 0.512),
            defaultBounds ? DEFAULT_SERVICE_GRAPH_BOUNDS : List.of(0.1),
            random.nextInt(6) == 0 ? List.of("db.system", "peer") : DEFAULT_PEER_ATTRIBUTES,
            edges(random.split(), true),
            dimensions(new SplittableRandom(~seed)),
            filter(new SplittableRandom(~seed).split()),
            filter(new SplittableRandom(seed).split()),
            pairing,
            targetInfo(new SplittableRandom(seed * 31)),
            SeriesLimits.NONE,
            seed % 7 == 3,
            new HostInfoSettings(seed % 3 > 0, HOST_IDENTIFIERS),
            true,
            true,
            spanSelection(new SplittableRandom(seed * 61)),
            requestSelection(new SplittableRandom(seed * 67)),
            weights(new SplittableRandom(seed * 43)),
            weights(new SplittableRandom(seed * 47)),
            natives(new SplittableRandom(seed * 53), window),
            new SplittableRandom(seed * 59).nextBoolean(),
            List.of(),
            new LogGenerator(
                    random,
                    new SplittableRandom(seed * 41),
                    window,
                    time,
                    graphWait,
                    !pairing.routedByTrace())
                .log())
        .changing(new SplittableRandom(seed * 17));
  }

  private Scenario changing(SplittableRandom random) {
    List<Change> changes = new ArrayList<>();
    long window = LogGenerator.BASE_MILLIS / this.window.toMillis();
    int count = Math.max(0, random.nextInt(7) - 2);
    for (int i = 0; i < count; i++) {
      window += random.nextInt(1, 5);
      String tenant = random.nextInt(3) == 0 ? "" : LogGenerator.tenant(random);
      changes.add(new Change(window, tenant, changed(random.split(), List.of())));
    }
    return changed(null, changes);
  }

  /** With other settings of tenants, unless there is no random, and with these changes. */
  private Scenario changed(@Nullable SplittableRandom random, List<Change> all) {
    boolean same = random == null;
    boolean hasEdges = same || random.nextInt(6) > 0;
    return new Scenario(
        window,
        time,
        graphWait,
        room,
        staleAfterWindows,
        labels,
        naming,
        same ? spanMetricsBounds : bounds(random),
        same ? serviceGraphBounds : bounds(random),
        same || random.nextBoolean() ? peerAttributes : List.of("peer", "db.system"),
        same ? edges : edges(random.split(), hasEdges),
        same || random.nextBoolean() ? dimensions : dimensions(random.split()),
        same || random.nextBoolean() ? filter : filter(random.split()),
        same || random.nextBoolean() ? graphFilter : filter(random.split()),
        pairing,
        same || random.nextBoolean() ? targetInfo : targetInfo(random.split()),
        limits,
        lastDimensionDecides,
        same || random.nextBoolean() ? hostInfo : hostInfo(random.split()),
        same || random.nextInt(6) > 0,
        hasEdges,
        same || random.nextBoolean() ? spanMetrics : spanSelection(random.split()),
        same || random.nextBoolean() ? requests : requestSelection(random.split()),
        same ? spanWeights : weights(random.split()),
        same ? edgeWeights : weights(random.split()),
        same || random.nextBoolean() ? natives : natives(random.split(), window),
        same ? exemplars : random.nextBoolean(),
        all,
        log);
  }

  private static LabelRules labels(long seed, int maxValueBytes) {
    return new LabelRules(
        seed % 5 == 2 ? LabelRules.SHORTEST_NAME_LIMIT : 0,
        maxValueBytes,
        naming(seed).external().names(),
        new ValueRules(seed % 2 == 0, seed % 9 == 4));
  }

  private static SampleNaming naming(long seed) {
    return seed % 4 > 0
        ? SampleNaming.DEFAULT
        : new SampleNaming(
            "hosts",
            new ExternalLabels(
                Map.of("zone", "everywhere", "db_name", "any"), seed % 8 > 0 ? "job" : "zone"));
  }

  private static List<Double> bounds(RandomGenerator random) {
    List<Double> bounds =
        Stream.of(0.002, 0.1, 0.512, 4.0).filter(bound -> random.nextBoolean()).toList();
    return bounds.isEmpty() ? List.of(0.1) : bounds;
  }

  private static HostInfoSettings hostInfo(RandomGenerator random) {
    return new HostInfoSettings(
        random.nextBoolean(), HOST_IDENTIFIERS.subList(random.nextInt(3), HOST_IDENTIFIERS.size()));
  }

  /** The settings of a tenant in a window. */
  Scenario at(String tenant, long inWindow) {
    int change = changeAt(tenant, inWindow);
    return change < 0 ? this : changes.get(change).to();
  }

  private int changeAt(String tenant, long inWindow) {
    for (int i = changes.size() - 1; i >= 0; i--) {
      Change change = changes.get(i);
      if (change.window() <= inWindow
          && (change.tenant().isEmpty() || change.tenant().equals(tenant))) {
        return i;
      }
    }
    return -1;
  }

  /** The same for the classes under test, which ask for every record. */
  SettingsByWindow tenants() {
    List<EffectiveSettings> byChange = new ArrayList<>();
    byChange.add(effective(0, this));
    changes.forEach(change -> byChange.add(effective(byChange.size(), change.to())));
    return (tenant, inWindow) -> byChange.get(changeAt(tenant, inWindow) + 1);
  }

  private static EffectiveSettings effective(int number, Scenario scenario) {
    return new EffectiveSettings(number, scenario.aggregateSettings(1).tenants(scenario.limits()));
  }

  private static EdgeSettings edges(RandomGenerator random, boolean enabled) {
    List<String> dimensions =
        switch (random.nextInt(5)) {
          case 0 -> List.of();
          case 1 -> List.of("zone");
          case 2 -> List.of("db.system", "zone", "peer");
          case 3 -> List.of("zone.größe", "zone", "zone_gr__e");
          default -> List.of("service.name", "zone.größe", "zone");
        };
    return new EdgeSettings(
        dimensions,
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextInt(8) > 0 && enabled,
        random.nextInt(3) == 0 && enabled,
        random.nextInt(3) == 0 && enabled,
        random.nextInt(6) == 0,
        random.nextInt(4) == 0);
  }

  private static Dimensions dimensions(RandomGenerator random) {
    if (random.nextBoolean()) {
      return Dimensions.DEFAULT;
    }
    return new Dimensions(
        Arrays.stream(Intrinsic.values())
            .filter(i -> random.nextInt(4) > 0)
            .collect(Collectors.toSet()),
        DIMENSIONS.stream().filter(key -> random.nextBoolean()).toList(),
        random.nextBoolean() ? List.of() : MAPPINGS);
  }

  private static List<FilterPolicy> filter(RandomGenerator random) {
    return random.nextBoolean()
        ? List.of()
        : POLICIES.stream().filter(policy -> random.nextBoolean()).toList();
  }

  private static Pairing pairing(RandomGenerator random) {
    boolean routed = random.nextInt(3) > 0;
    return new Pairing(
        routed, random.nextBoolean(), random.nextBoolean(), !routed && random.nextBoolean());
  }

  private static TargetInfoSettings targetInfo(RandomGenerator random) {
    return new TargetInfoSettings(
        random.nextBoolean(),
        random.nextBoolean() ? Set.of() : Set.of("zone", "host.name"),
        random.nextInt(3) > 0);
  }

  private static MetricSelection spanSelection(RandomGenerator random) {
    return selection(random, List.of(Set.of(0), Set.of(1)));
  }

  private static MetricSelection requestSelection(RandomGenerator random) {
    return selection(random, List.of(Set.of(0, 1)));
  }

  private static MetricSelection selection(RandomGenerator random, List<Set<Integer>> parts) {
    if (random.nextInt(3) == 0) {
      return MetricSelection.ALL;
    }
    if (random.nextBoolean()) {
      return new MetricSelection(Set.of(0, 1), random.nextBoolean(), true);
    }
    return new MetricSelection(
        parts.stream()
            .filter(part -> random.nextBoolean())
            .flatMap(Set::stream)
            .collect(Collectors.toSet()),
        random.nextBoolean());
  }

  private static WeightSettings weights(RandomGenerator random) {
    return random.nextBoolean()
        ? WeightSettings.NONE
        : new WeightSettings(
            random.nextBoolean() ? "p" : "", random.nextBoolean(), random.nextBoolean());
  }

  private static NativeSettings natives(RandomGenerator random, Duration window) {
    return new NativeSettings(
        StrictMath.pow(2, Math.scalb(1.0, -random.nextInt(-4, 9))),
        random.nextInt(1, 8),
        window.multipliedBy(random.nextInt(1, 6)).minusMillis(random.nextInt(2)));
  }

  private static Optional<Rule> rule(String matchType, String key, String value) {
    return Optional.of(new Rule(matchType, List.of(new Attribute(key, value))));
  }

  AggregateSettings aggregateSettings(int shards) {
    return new AggregateSettings(
        log.codec(),
        window,
        time,
        Optional.empty(),
        shards,
        labels,
        new SpanMetricsSettings(
            hasSpanMetrics,
            new HistogramBounds(spanMetricsBounds),
            dimensions,
            FilterPolicies.of(filter),
            targetInfo,
            lastDimensionDecides,
            new SeriesSettings(spanMetrics, spanWeights, natives, exemplars)),
        new ServiceGraphSettings(
            hasServiceGraphs,
            new HistogramBounds(serviceGraphBounds),
            graphWait,
            room,
            peerAttributes,
            edges,
            FilterPolicies.of(graphFilter),
            pairing,
            new SeriesSettings(requests, edgeWeights, natives, exemplars)),
        hostInfo);
  }

  MergeSettings mergeSettings(int shards) {
    return new MergeSettings(
        window,
        staleAfterWindows,
        Map.of(
            MetricGroup.SPAN_METRICS,
            new HistogramBounds(spanMetricsBounds),
            MetricGroup.SERVICE_GRAPH,
            new HistogramBounds(serviceGraphBounds)),
        Map.of(MetricGroup.SPAN_METRICS, spanMetrics, MetricGroup.SERVICE_GRAPH, requests),
        ExemplarFormat.DEFAULT,
        naming,
        shards,
        limits);
  }

  /** The same with limits that some tenants meet. */
  Scenario limited(long seed) {
    SplittableRandom random = new SplittableRandom(seed + 1);
    SeriesLimits.Unit unit =
        random.nextBoolean() ? SeriesLimits.Unit.SERIES : SeriesLimits.Unit.ENTITY;
    SeriesLimits some = new SeriesLimits(unit, random.nextInt(1, 100), random.nextInt(1, 20));
    return with(some, spanWeights, edgeWeights, changes);
  }

  /** The same without weights, so that every count is a whole number. */
  Scenario unweighted() {
    return with(
        limits,
        WeightSettings.NONE,
        WeightSettings.NONE,
        changes.stream().map(Change::unweighted).toList());
  }

  private Scenario with(
      SeriesLimits others, WeightSettings ofSpans, WeightSettings ofEdges, List<Change> all) {
    return new Scenario(
        window,
        time,
        graphWait,
        room,
        staleAfterWindows,
        labels,
        naming,
        spanMetricsBounds,
        serviceGraphBounds,
        peerAttributes,
        edges,
        dimensions,
        filter,
        graphFilter,
        pairing,
        targetInfo,
        others,
        lastDimensionDecides,
        hostInfo,
        hasSpanMetrics,
        hasServiceGraphs,
        spanMetrics,
        requests,
        ofSpans,
        ofEdges,
        natives,
        exemplars,
        all,
        log);
  }

  private static Room room(SplittableRandom random) {
    int apart = random.nextInt(1, 5);
    return new Room(random.nextInt(1, 5), apart, random.nextInt(1, apart + 1));
  }
}
