package dev.weir.streams.telemetry;

import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.streams.aggregate.LedgerReasons;
import dev.weir.streams.rewrite.RewriteCounts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The meters of both stages. They count what tasks did; a transaction that is aborted and done
 * again is counted twice here, and once in the ledger and in what Weir sends. Thread-safe.
 */
public final class StreamsMeters {
  private final MeterRegistry registry;
  private final SeriesMeters series;
  private final Counter deadLetters;
  private final Counter lateDeltas;
  private final Counter repeated;
  private final Counter gaveUp;
  private final ConcurrentMap<Integer, Long> completeThrough = new ConcurrentHashMap<>();
  private final ConcurrentMap<Integer, AtomicLong> waiting = new ConcurrentHashMap<>();
  private final ConcurrentMap<Integer, AtomicLong> active = new ConcurrentHashMap<>();
  private final Set<Integer> closing = ConcurrentHashMap.newKeySet();
  private final Map<String, TenantGauge> tenants = new HashMap<>();
  private final Set<String> booked = ConcurrentHashMap.newKeySet();

  /**
   * How far a tenant's series have come.
   *
   * @param shards those of this instance that have series of it
   */
  private record TenantGauge(Set<Integer> shards, Gauge gauge) {}

  public StreamsMeters(MeterRegistry registry) {
    this.registry = registry;
    this.series = new SeriesMeters(registry);
    this.deadLetters =
        Counter.builder("weir.streams.dead.letters")
            .description("Records that could not be read and went to the dead-letter topic.")
            .register(registry);
    this.lateDeltas =
        Counter.builder("weir.streams.late.deltas")
            .description(
                "Deltas that came for a closed window and were credited to the oldest open one; only a source partition that nobody knew of can cause them.")
            .register(registry);
    this.repeated =
        Counter.builder("weir.streams.records.repeated")
            .description(
                "Records that were read again after the broker had forgotten the group's offsets, and were skipped.")
            .register(registry);
    this.gaveUp =
        Counter.builder("weir.streams.partitions.given.up")
            .description(
                "Times that windows were closed without a partition that was further behind than max.hold.back; what it still had of them is late.")
            .register(registry);
    var unused = completeThroughGauge("", () -> completeThrough().orElse(0));
    Gauge.builder("weir.streams.half.edges.waiting", waiting, map -> sum(map))
        .description("Half edges that wait for their other half.")
        .register(registry);
    Gauge.builder("weir.streams.active.label.sets", active, map -> sum(map))
        .description("Label sets that got samples in the last closed window.")
        .register(registry);
  }

  private Gauge completeThroughGauge(String tenant, LongSupplier millis) {
    return Gauge.builder("weir.complete.through.timestamp", millis, of -> of.getAsLong() / 1000.0)
        .baseUnit("seconds")
        .description(
            "Up to when the numbers of this instance's shards are final, Unix time; 0 before the first window was closed. With an empty tenant of all shards, else of those that have series of that tenant.")
        .tag("tenant", tenant)
        .strongReference(true)
        .register(registry);
  }

  private static double sum(Map<Integer, AtomicLong> values) {
    return values.values().stream().mapToDouble(AtomicLong::doubleValue).sum();
  }

  /** A record went to the dead-letter topic. */
  public void deadLetter() {
    deadLetters.increment();
  }

  /** A partition was so far behind that windows no longer wait for it. */
  public void gaveUp() {
    gaveUp.increment();
  }

  /** A record was read again and skipped. */
  public void repeated() {
    repeated.increment();
  }

  /** The books of one tenant and partition were closed. */
  public void booked(LedgerEntry entry) {
    if (booked.add(entry.getTenant())) {
      beginAtZero(entry.getTenant());
    }
    bytes(entry.getTenant()).increment((double) entry.getBytesReceived());
    spans(entry.getTenant(), "received").increment((double) entry.getSpansReceived());
    spans(entry.getTenant(), "counted").increment((double) entry.getSpansCounted());
    spans(entry.getTenant(), "late").increment((double) entry.getSpansLate());
    spans(entry.getTenant(), "ahead").increment((double) entry.getSpansAhead());
    entry
        .getSpansDiscardedMap()
        .forEach((reason, count) -> discarded(entry.getTenant(), reason).increment((double) count));
    resourcesInvalid(entry.getTenant()).increment((double) entry.getResourcesInvalidUtf8());
    edges(entry.getTenant(), "paired").increment((double) entry.getServiceGraph().getEdgesPaired());
    edges(entry.getTenant(), "further")
        .increment((double) entry.getServiceGraph().getEdgesFurther());
    edges(entry.getTenant(), "database")
        .increment((double) entry.getServiceGraph().getEdgesSingle());
    edges(entry.getTenant(), "invalid_utf8")
        .increment((double) entry.getServiceGraph().getEdgesInvalidUtf8());
    edges(entry.getTenant(), "virtual_node")
        .increment((double) entry.getServiceGraph().getEdgesVirtual());
    forgotten(entry.getTenant()).increment((double) entry.getServiceGraph().getForgotten());
    entry
        .getServiceGraph()
        .getUnpairedMap()
        .forEach((reason, count) -> unpaired(entry.getTenant(), reason).increment((double) count));
  }

  /** So that the first of a kind is an increase, too. */
  private void beginAtZero(String tenant) {
    LedgerReasons.OF_SPANS.forEach(reason -> discarded(tenant, reason));
    LedgerReasons.OF_HALF_EDGES.forEach(reason -> unpaired(tenant, reason));
  }

  private Counter bytes(String tenant) {
    return Counter.builder("weir.streams.bytes.received")
        .description("Size of the records of spans that could be read, in bytes.")
        .tag("tenant", tenant)
        .register(registry);
  }

  private Counter forgotten(String tenant) {
    return Counter.builder("weir.streams.half.edges.forgotten")
        .description(
            "Half edges that gave way though others might have met them: clients that were paired already, and sides that the filter rejected.")
        .tag("tenant", tenant)
        .register(registry);
  }

  private Counter spans(String tenant, String what) {
    return Counter.builder("weir.streams.spans." + what)
        .description("Spans " + what + ".")
        .tag("tenant", tenant)
        .register(registry);
  }

  private Counter discarded(String tenant, String reason) {
    return Counter.builder("weir.streams.spans.discarded")
        .description("Spans that were not counted.")
        .tag("tenant", tenant)
        .tag("reason", reason)
        .register(registry);
  }

  private Counter resourcesInvalid(String tenant) {
    return Counter.builder("weir.streams.resources.discarded")
        .description("Resources whose host was not told.")
        .tag("tenant", tenant)
        .tag("reason", "invalid_utf8")
        .register(registry);
  }

  private Counter edges(String tenant, String kind) {
    return Counter.builder("weir.streams.edges")
        .description("Edges of the service graph.")
        .tag("tenant", tenant)
        .tag("kind", kind)
        .register(registry);
  }

  private Counter unpaired(String tenant, String reason) {
    return Counter.builder("weir.streams.half.edges.unpaired")
        .description("Half edges that ended without an edge.")
        .tag("tenant", tenant)
        .tag("reason", reason)
        .register(registry);
  }

  /** A task has rewritten labels of a tenant. */
  public void rewritten(String tenant, RewriteCounts counts) {
    Counter.builder("weir.streams.label.sets.sanitized")
        .description(
            "Label sets whose span name fits a pattern, also in a dry run. A task makes a label set when it meets it, after a change and every 5 minutes.")
        .tag("tenant", tenant)
        .register(registry)
        .increment((double) counts.templated());
    counts.limited().forEach((label, count) -> limited(tenant, label).increment((double) count));
  }

  private Counter limited(String tenant, String label) {
    return Counter.builder("weir.streams.label.values.limited")
        .description(
            "Label sets in which __cardinality_overflow__ took the place of a value, because its label has too many. A task makes a label set when it meets it, after a change and every 5 minutes.")
        .tag("tenant", tenant)
        .tag("label", label)
        .register(registry);
  }

  /** How many half edges of a partition wait. */
  public void waitingHalfEdges(int partition, long count) {
    waiting.computeIfAbsent(partition, key -> new AtomicLong()).set(count);
  }

  /** What a shard has to say after it closed windows. */
  public void shard(
      int shard, OptionalLong completeThroughMillis, long activeLabelSets, long newlyLate) {
    completeThroughMillis.ifPresent(millis -> completeThrough.put(shard, millis));
    active.computeIfAbsent(shard, key -> new AtomicLong()).set(activeLabelSets);
    lateDeltas.increment((double) newlyLate);
  }

  /** Whether a shard has complete windows that it has not closed yet. */
  public void closing(int shard, boolean isClosing) {
    if (isClosing) {
      closing.add(shard);
    } else {
      closing.remove(shard);
    }
  }

  /** Whether any shard of this instance has complete windows that it has not closed yet. */
  public boolean isClosing() {
    return !closing.isEmpty();
  }

  /** The meters of what tenants have and ask for. */
  public SeriesMeters series() {
    return series;
  }

  /** Which tenants had series in the window that a shard closed last. */
  public synchronized void tenants(int shard, Set<String> inWindow) {
    for (String tenant : inWindow) {
      tenants.computeIfAbsent(tenant, this::tenantGauge).shards().add(shard);
    }
    Iterator<Map.Entry<String, TenantGauge>> known = tenants.entrySet().iterator();
    while (known.hasNext()) {
      Map.Entry<String, TenantGauge> tenant = known.next();
      Set<Integer> shards = tenant.getValue().shards();
      if (!inWindow.contains(tenant.getKey()) && shards.remove(shard) && shards.isEmpty()) {
        registry.remove(tenant.getValue().gauge());
        known.remove();
      }
    }
  }

  private TenantGauge tenantGauge(String tenant) {
    Set<Integer> shards = ConcurrentHashMap.newKeySet();
    return new TenantGauge(shards, completeThroughGauge(tenant, () -> completeThrough(shards)));
  }

  private long completeThrough(Set<Integer> shards) {
    return shards.stream()
        .mapToLong(shard -> completeThrough.getOrDefault(shard, Long.MAX_VALUE))
        .filter(millis -> millis < Long.MAX_VALUE)
        .min()
        .orElse(0);
  }

  /** A shard is no longer this instance's. */
  public void shardLeft(int shard) {
    series.shardLeft(shard);
    closing.remove(shard);
    completeThrough.remove(shard);
    active.remove(shard);
    tenants(shard, Set.of());
  }

  /** A partition is no longer this instance's. */
  public void partitionLeft(int partition) {
    waiting.remove(partition);
  }

  /**
   * Up to when all shards of this instance are final, Unix milliseconds; empty before the first
   * window was closed.
   */
  public OptionalLong completeThrough() {
    return completeThrough.values().stream().mapToLong(Long::longValue).min();
  }

  /** How many shards of this instance have closed a window. */
  public int completeShards() {
    return completeThrough.size();
  }
}
