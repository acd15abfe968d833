package dev.weir.allinone.snapshot;

import dev.weir.allinone.shadow.Origin;
import dev.weir.allinone.shadow.Progress;
import dev.weir.allinone.shadow.ShadowRun;
import dev.weir.allinone.shadow.SourceLog;
import dev.weir.allinone.shadow.Stretch;
import dev.weir.allinone.shadow.Task;
import dev.weir.allinone.state.Snapshot;
import dev.weir.allinone.state.SnapshotDirectory;
import dev.weir.allinone.terminal.Terminal;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.streams.config.OverridesSettings.Base;
import dev.weir.streams.config.StreamsSettings;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Takes a snapshot beside the live application: computes the log again up to the border of a
 * window, and writes down the state that this ends in. What the state holds is a function of the
 * log before that border, so it is consistent whatever the live application is doing.
 */
public final class TakeSnapshot {
  private static final int DONE = 0;
  private static final int FAILED = 1;

  private final SnapshotSettings settings;
  private final StreamsSettings live;
  private final Terminal terminal;

  public TakeSnapshot(SnapshotSettings settings, Terminal terminal) {
    this.settings = settings;
    this.live = settings.run().live();
    this.terminal = terminal;
  }

  /**
   * Takes it.
   *
   * @return 0 if it was taken, 1 if not
   * @throws InvalidSettingsException if what is asked for makes no sense here
   */
  public int run() throws InterruptedException {
    SnapshotDirectory directory =
        new SnapshotDirectory(settings.run().snapshots().resolve(settings.name()));
    if (directory.exists()) {
      throw new InvalidSettingsException(
          "as=%s: there is a snapshot of that name in %s (snapshots.dir)"
              .formatted(settings.name(), directory.path()));
    }
    Optional<SnapshotDirectory> seed = Origin.seed(settings.from(), settings.run());
    String name = "snapshot-" + settings.name();
    Task task =
        new Task(
            live,
            name,
            settings.run().directoryOf(name),
            settings.identity(),
            seed,
            settings.run().rate(),
            settings.run().patience(),
            Base.PUBLISHED);
    if (settings.run().restart()) {
      ShadowRun.discard(task);
    }
    try (ShadowRun run = ShadowRun.open(task)) {
      return run(run, directory, seed);
    }
  }

  private int run(ShadowRun run, SnapshotDirectory directory, Optional<SnapshotDirectory> seed)
      throws InterruptedException {
    Stretch stretch = run.interrupted().isPresent() ? run.interrupted().get() : stretch(seed);
    terminal.step("Computing %,d records".formatted(stretch.length()));
    ShadowRun.Outcome outcome = run.compute(stretch, new Progress(terminal::step));
    if (!outcome.failure().isEmpty()) {
      terminal.error("gives up, and goes on when it is started again: " + outcome.failure());
      return FAILED;
    }
    if (outcome.completeThroughMillis().isEmpty()) {
      terminal.error("no window was complete by then, so there is nothing to take");
      run.remove();
      return FAILED;
    }
    write(run, directory, stretch.to(), outcome.completeThroughMillis().getAsLong());
    if (!settings.run().keep() && !run.remove()) {
      terminal.error(
          "the group %s has members still and stays".formatted(run.application().applicationId()));
    }
    return DONE;
  }

  private Stretch stretch(Optional<SnapshotDirectory> seed) {
    Map<String, Object> client = live.topics().kafkaClient();
    try (SourceLog log = new SourceLog(client, live.topics().spans().name())) {
      Origin origin = Origin.of(settings.from(), seed, log, settings.run());
      long window = live.merge().window().toMillis();
      long border = Math.floorDiv(settings.at().toEpochMilli(), window) * window;
      SortedMap<Integer, Long> to = new TreeMap<>(log.at(Instant.ofEpochMilli(border)));
      to.forEach(
          (partition, end) -> {
            if (end < origin.from().getOrDefault(partition, 0L)) {
              throw new InvalidSettingsException(
                  "at: that is before the snapshot that it is to be computed from");
            }
          });
      return new Stretch(origin.from(), to);
    }
  }

  private void write(
      ShadowRun run, SnapshotDirectory directory, SortedMap<Integer, Long> offsets, long through) {
    directory.clear();
    SortedMap<String, Integer> stores = run.exportTo(directory);
    directory.finish(
        new Snapshot(
            live.topics().spans().name(),
            live.merge().window().toMillis(),
            live.aggregate().shards(),
            through,
            offsets,
            stores));
    terminal.step(
        "The snapshot '%s' is in %s; a replay from it computes the windows after %s"
            .formatted(settings.name(), directory.path(), Instant.ofEpochMilli(through)));
  }
}
