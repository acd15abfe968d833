package dev.weir.allinone.shadow;

import dev.weir.allinone.state.Snapshot;
import dev.weir.allinone.state.SnapshotDirectory;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.streams.topology.WeirTopology;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a run begins, resolved.
 *
 * @param from by partition, the first offset
 * @param seed the snapshot that it begins with, if any
 * @param knownSinceMillis what was counted earlier is not known, Unix milliseconds; -1 if
 *     everything is
 * @param completeThroughMillis windows that end later are computed, Unix milliseconds
 */
public record Origin(
    SortedMap<Integer, Long> from,
    Optional<SnapshotDirectory> seed,
    long knownSinceMillis,
    long completeThroughMillis) {
  private static final String FROM = "from";

  /** Whether totals are known, so that what comes out can be compared to the bit. */
  public boolean knowsTotals() {
    return knownSinceMillis < 0;
  }

  /**
   * The snapshot that a position names.
   *
   * @throws InvalidSettingsException if there is none, or it is of another installation
   */
  public static Optional<SnapshotDirectory> seed(Position position, RunSettings settings) {
    if (!(position instanceof Position.OfSnapshot named)) {
      return Optional.empty();
    }
    SnapshotDirectory directory = new SnapshotDirectory(settings.snapshots().resolve(named.name()));
    if (!directory.exists()) {
      throw new InvalidSettingsException(
          "%s=snapshot:%s: there is no snapshot in %s (snapshots.dir)"
              .formatted(FROM, named.name(), directory.path()));
    }
    Snapshot snapshot = directory.describe();
    long window = settings.live().merge().window().toMillis();
    int shards = settings.live().aggregate().shards();
    String spans = settings.live().topics().spans().name();
    requireSame("window", window + "ms", snapshot.windowMillis() + "ms", named.name());
    requireSame("shards", shards, snapshot.shards(), named.name());
    requireSame("spans.topic", spans, snapshot.spans(), named.name());
    requireSame(
        "half edges paired apart (spans.routed.by.trace, processors)",
        settings.live().aggregate().pairingPartitions() > 0,
        snapshot.stores().containsKey(WeirTopology.PAIRING_STATE),
        named.name());
    return Optional.of(directory);
  }

  private static void requireSame(String key, Object ours, Object itsOwn, String snapshot) {
    if (!ours.equals(itsOwn)) {
      throw new InvalidSettingsException(
          "%s=%s: the snapshot %s was made with %s".formatted(key, ours, snapshot, itsOwn));
    }
  }

  /**
   * Resolves a position.
   *
   * @throws InvalidSettingsException if it is not in the log, any more or at all
   */
  public static Origin of(
      Position position, Optional<SnapshotDirectory> seed, SourceLog log, RunSettings settings) {
    if (seed.isPresent()) {
      Snapshot snapshot = seed.get().describe();
      requireThere(snapshot.offsets(), position, log, settings);
      return new Origin(
          log.within(FROM, snapshot.offsets(), log.beginnings(), log.beginnings()),
          seed,
          -1,
          snapshot.completeThroughMillis());
    }
    long window = settings.live().merge().window().toMillis();
    if (position instanceof Position.AtTime time) {
      long border = Math.floorDiv(time.instant().toEpochMilli(), window) * window;
      SortedMap<Integer, Long> from = log.at(Instant.ofEpochMilli(border));
      long known = log.isCutAt(from) ? Math.max(border, log.latestTimeAt(from)) : border;
      return new Origin(from, Optional.empty(), known, border);
    }
    SortedMap<Integer, Long> from = log.from(FROM, position);
    if (position instanceof Position.Beginning) {
      SortedMap<Integer, Long> first = new TreeMap<>(from);
      first.replaceAll((partition, offset) -> 0L);
      requireThere(first, position, log, settings);
      return new Origin(from, Optional.empty(), -1, 0);
    }
    long since = log.latestTimeAt(from);
    return new Origin(from, Optional.empty(), since, Math.floorDiv(since, window) * window);
  }

  private static void requireThere(
      SortedMap<Integer, Long> offsets, Position position, SourceLog log, RunSettings settings) {
    Optional<String> lost = log.lost(offsets);
    if (lost.isPresent()) {
      List<String> snapshots = SnapshotDirectory.namesIn(settings.snapshots());
      throw new InvalidSettingsException(
          "%s=%s: %s, so totals cannot be computed from there. %s; a replay from a time compares increments without them"
              .formatted(
                  FROM,
                  position instanceof Position.OfSnapshot named
                      ? "snapshot:" + named.name()
                      : "beginning",
                  lost.get(),
                  snapshots.isEmpty()
                      ? "There is no snapshot in %s (snapshots.dir)".formatted(settings.snapshots())
                      : "Snapshots in %s (snapshots.dir): %s"
                          .formatted(settings.snapshots(), String.join(", ", snapshots))));
    }
  }

  /**
   * The origin of a run that goes on: where it began is known, and need not be in the log still.
   */
  public static Origin again(
      Position position, Optional<SnapshotDirectory> seed, Stretch stretch, SourceLog log) {
    if (seed.isPresent()) {
      long through = seed.get().describe().completeThroughMillis();
      return new Origin(stretch.from(), seed, -1, through);
    }
    if (position instanceof Position.Beginning) {
      return new Origin(stretch.from(), Optional.empty(), -1, 0);
    }
    long since = log.latestTimeAt(stretch.from());
    return new Origin(stretch.from(), Optional.empty(), since, since);
  }
}
