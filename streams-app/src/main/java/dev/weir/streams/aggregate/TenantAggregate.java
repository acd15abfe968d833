package dev.weir.streams.aggregate;

import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.streams.aggregate.WindowClock.Verdict;
import dev.weir.streams.overrides.EffectiveSettings;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.rewrite.LabelObservations;
import dev.weir.streams.servicegraph.Edges.EdgeCounts;
import dev.weir.streams.servicegraph.GraphNodes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One tenant in one partition: its processors by version, and its books since the last commit. Not
 * thread-safe.
 */
final class TenantAggregate {
  private final byte[] tenant;
  private final String name;
  private final AggregateSettings process;
  private final SettingsByWindow settings;
  private final GraphNodes nodes;
  private final List<TenantProcessors> all = new ArrayList<>(1);
  private final List<LedgerEntry> closedEntries = new ArrayList<>(1);
  private final LabelObservations observations = new LabelObservations();
  private long currentWindow = -1;
  private TenantProcessors current;
  private TenantProcessors booked;
  private long firstOffset = -1;
  private long lastOffset = -1;
  private long records;
  private long bytes;
  private long spans;
  private long late;
  private long ahead;
  private long skipped;

  /**
   * @param nodes those of the partition's service graph
   * @param window one of which something was seen
   */
  TenantAggregate(
      byte[] tenant,
      AggregateSettings process,
      SettingsByWindow settings,
      GraphNodes nodes,
      long window) {
    this.tenant = tenant;
    this.name = new String(tenant, StandardCharsets.UTF_8);
    this.process = process;
    this.settings = settings;
    this.nodes = nodes;
    this.currentWindow = window;
    this.current = processors(settings.at(name, window));
    this.booked = current;
  }

  byte[] tenant() {
    return tenant;
  }

  /** The processors for what is credited to a window of which something was seen. */
  TenantProcessors at(long window) {
    if (window != currentWindow) {
      current = processors(settings.at(name, window));
      currentWindow = window;
    }
    return current;
  }

  private TenantProcessors processors(EffectiveSettings effective) {
    for (TenantProcessors candidate : all) {
      if (candidate.areMadeBy(effective)) {
        return candidate;
      }
    }
    TenantProcessors made = new TenantProcessors(tenant, effective, process, observations, nodes);
    all.add(made);
    return made;
  }

  /** Those of all versions that were asked for lately. */
  List<TenantProcessors> all() {
    return all;
  }

  /** The last window that was asked for. */
  long currentWindow() {
    return currentWindow;
  }

  /**
   * Forgets the processors of other versions than the one that was asked for last; they must have
   * been drained, and the books be closed.
   */
  void forgetOtherVersions() {
    all.removeIf(processors -> processors != current);
    booked = current;
  }

  /**
   * Enters a record into the books. An entry is of one version: they change within a commit at the
   * border of a window, and where records are not in the order of their times, more than once.
   */
  void book(
      TenantProcessors by,
      int partition,
      long offset,
      int bytesOfRecord,
      int spansOfRecord,
      Verdict verdict,
      boolean isSkipped) {
    if (by != booked && records > 0) {
      closedEntries.add(close(booked, partition));
    }
    booked = by;
    firstOffset = firstOffset < 0 ? offset : firstOffset;
    lastOffset = offset;
    records++;
    bytes += bytesOfRecord;
    spans += spansOfRecord;
    late += verdict == Verdict.LATE ? spansOfRecord : 0;
    ahead += verdict == Verdict.AHEAD ? spansOfRecord : 0;
    skipped += isSkipped ? spansOfRecord : 0;
  }

  /** What is new in its labels since this was last taken. */
  LabelObservations observations() {
    return observations;
  }

  /** Closes the books. */
  List<LedgerEntry> takeLedger(int partition) {
    List<LedgerEntry> taken = new ArrayList<>(closedEntries);
    closedEntries.clear();
    if (records > 0) {
      taken.add(close(booked, partition));
    }
    for (TenantProcessors processors : all) {
      if (!processors.edges().counts().isEmpty()) {
        taken.add(close(processors, partition));
      }
    }
    return taken;
  }

  private LedgerEntry close(TenantProcessors by, int partition) {
    long invalid = by.spanMetrics().takeInvalid();
    long filtered = by.spanMetrics().takeFiltered();
    LedgerEntry.Builder entry =
        LedgerEntry.newBuilder()
            .setTenant(name)
            .setSourcePartition(partition)
            .setFirstOffset(firstOffset)
            .setLastOffset(lastOffset)
            .setRecords(records)
            .setBytesReceived(bytes)
            .setSpansReceived(spans)
            .setSpansCounted(spans - invalid - filtered - skipped)
            .setSpansLate(late)
            .setSpansAhead(ahead)
            .setServiceGraph(serviceGraph(by.edges().takeCounts()))
            .setResourcesInvalidUtf8(by.hostInfo().takeInvalid())
            .setOverridesVersion(by.version())
            .setLabelRewritesVersion(by.rewrites());
    putIfAny(entry, LedgerReasons.INVALID_UTF8, invalid);
    putIfAny(entry, LedgerReasons.SKIP_FLAG, skipped);
    putIfAny(entry, LedgerReasons.FILTERED, filtered);
    firstOffset = -1;
    lastOffset = -1;
    records = 0;
    bytes = 0;
    spans = 0;
    late = 0;
    ahead = 0;
    skipped = 0;
    return entry.build();
  }

  private static void putIfAny(LedgerEntry.Builder entry, String reason, long count) {
    if (count > 0) {
      entry.putSpansDiscarded(reason, count);
    }
  }

  private static dev.weir.schemas.v1.ServiceGraph serviceGraph(EdgeCounts counts) {
    return dev.weir.schemas.v1.ServiceGraph.newBuilder()
        .setHalfEdges(counts.halves())
        .setEdgesPaired(counts.paired())
        .setEdgesSingle(counts.single())
        .setEdgesVirtual(counts.virtual())
        .putAllUnpaired(counts.unpaired())
        .setEdgesInvalidUtf8(counts.invalid())
        .setLinks(counts.links())
        .setEdgesFurther(counts.further())
        .setForgotten(counts.forgotten())
        .build();
  }
}
