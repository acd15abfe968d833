package dev.weir.allinone.replay;

import dev.weir.allinone.replay.OutboxComparison.Part;
import dev.weir.allinone.shadow.Origin;
import dev.weir.allinone.shadow.Position;
import dev.weir.allinone.shadow.Progress;
import dev.weir.allinone.shadow.ShadowRun;
import dev.weir.allinone.shadow.SourceLog;
import dev.weir.allinone.shadow.Stretch;
import dev.weir.allinone.shadow.Task;
import dev.weir.allinone.state.SnapshotDirectory;
import dev.weir.allinone.terminal.Terminal;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.schemas.topic.Topics;
import dev.weir.streams.aggregate.RecordTime;
import dev.weir.streams.config.OverridesSettings.Base;
import dev.weir.streams.config.StreamsSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.IntStream;

/**
 * Runs the topology once more over a part of the log, under a name of its own, compares its outbox
 * with the live one, and gives it to targets or files. Reads of the live application nothing but
 * the log and the outbox, and writes nothing of it.
 */
public final class Replay {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int CANNOT = 2;
  private static final long CLOCKS_MILLIS = 60_000;

  private final ReplaySettings settings;
  private final StreamsSettings live;
  private final Terminal terminal;
  private final Map<String, Object> client;

  public Replay(ReplaySettings settings, Terminal terminal) {
    this.settings = settings;
    this.live = settings.run().live();
    this.terminal = terminal;
    this.client = live.topics().kafkaClient();
  }

  /**
   * Replays.
   *
   * @return 0 if all went well, and the outboxes are equal if they were to be compared; 1 if not; 2
   *     if that cannot be told
   * @throws InvalidSettingsException if what is asked for makes no sense here
   */
  public int run() throws InterruptedException {
    Optional<SnapshotDirectory> seed = Origin.seed(settings.from(), settings.run());
    Task task =
        new Task(
            live,
            settings.name(),
            settings.run().directoryOf(settings.name()),
            settings.identity(),
            seed,
            settings.run().rate(),
            settings.run().patience(),
            Base.PUBLISHED);
    if (settings.run().restart()) {
      ShadowRun.discard(task);
    }
    try (ShadowRun run = ShadowRun.open(task)) {
      Optional<String> obstacle = settings.compare() ? obstacle() : Optional.empty();
      if (obstacle.isPresent()) {
        terminal.error(obstacle.get());
        return CANNOT;
      }
      int code = run(run, seed);
      if (code == DONE || code == FAILED) {
        tidy(run);
      }
      return code == GAVE_UP ? FAILED : code;
    }
  }

  private static final int GAVE_UP = -1;

  private Optional<String> obstacle() {
    try (OutboxReader outbox = new OutboxReader(client, live.samples().name())) {
      int shards = live.aggregate().shards();
      if (outbox.shards() == 0) {
        return Optional.of(
            "there is no live outbox %s to compare with (samples.topic)"
                .formatted(live.samples().name()));
      }
      return outbox.shards() == shards
          ? Optional.empty()
          : Optional.of(
              "shards=%d, but %s has %d partitions: say --shards %d"
                  .formatted(shards, live.samples().name(), outbox.shards(), outbox.shards()));
    }
  }

  private int run(ShadowRun run, Optional<SnapshotDirectory> seed) throws InterruptedException {
    Origin origin;
    Stretch stretch;
    OutboxPrint once = new OutboxPrint();
    try (SourceLog log = new SourceLog(client, live.topics().spans().name())) {
      origin =
          run.interrupted().isPresent()
              ? Origin.again(settings.from(), seed, run.interrupted().get(), log)
              : Origin.of(settings.from(), seed, log, settings.run());
      if (settings.compare() && origin.knowsTotals()) {
        read(live, once); // before the end of the log is looked up, so that the log says it all
      }
      stretch = run.interrupted().isPresent() ? run.interrupted().get() : stretch(origin, log);
    }
    terminal.step(
        "%s %,d records of %s as '%s'"
            .formatted(
                run.interrupted().isPresent() ? "Going on with" : "Computing again",
                stretch.length(),
                live.topics().spans().name(),
                settings.name()));
    ShadowRun.Outcome outcome = run.compute(stretch, new Progress(terminal::step));
    if (!outcome.failure().isEmpty()) {
      terminal.error("gives up, and goes on when it is started again: " + outcome.failure());
      return GAVE_UP;
    }
    long through = outcome.completeThroughMillis().orElse(0);
    tellEnd(through);
    int code = DONE;
    if (settings.compare()) {
      code =
          origin.knowsTotals()
              ? compareBytes(run, origin, once, through)
              : compareIncrements(run, origin, through);
    }
    return code == DONE ? output(run) : code;
  }

  private Stretch stretch(Origin origin, SourceLog log) {
    SortedMap<Integer, Long> to =
        settings.to() instanceof Position.AtOffsets at
            ? log.within("to", at.offsets(), origin.from(), log.ends())
            : log.from("to", settings.to());
    origin.from().forEach((partition, from) -> to.merge(partition, from, Math::max));
    Stretch stretch = new Stretch(origin.from(), to);
    if (stretch.length() == 0) {
      throw new InvalidSettingsException(
          "from and to: there is no record in between; the log has nothing to compute from");
    }
    return stretch;
  }

  private void tellEnd(long through) {
    if (through == 0) {
      terminal.step("No window was complete by the end, so there are no samples");
    } else {
      terminal.step(
          "Computed windows up to %s; later ones were not complete by the end and are not let out"
              .formatted(Instant.ofEpochMilli(through)));
    }
  }

  private void read(StreamsSettings application, OutboxPrint print) {
    try (OutboxReader outbox = new OutboxReader(client, application.samples().name())) {
      outbox.readAll(print);
    }
  }

  private int compareBytes(ShadowRun run, Origin origin, OutboxPrint once, long through) {
    OutboxPrint again = new OutboxPrint();
    read(run.application(), again);
    List<Part> parts;
    try (OutboxReader outbox = new OutboxReader(client, live.samples().name())) {
      parts =
          IntStream.range(0, outbox.shards())
              .mapToObj(
                  shard ->
                      new Part(
                          shard,
                          // of the first window after a cut, records may be missing
                          Math.max(
                              origin.completeThroughMillis(),
                              outbox.isCut(shard) ? once.firstWindow(shard) : 0),
                          through))
              .toList();
    }
    OutboxComparison comparison = OutboxComparison.of(once, again, parts);
    comparison.differences().forEach(terminal::error);
    if (!comparison.isEqual()) {
      terminal.error(
          "Different: %,d records equal, %,d did not come out again"
              .formatted(comparison.compared(), comparison.missing()));
      return FAILED;
    }
    if (comparison.compared() == 0) {
      terminal.error(
          "nothing to compare: the live outbox holds no record of these windows (any more)");
      return CANNOT;
    }
    terminal.step("Equal: %,d records came out again to the bit".formatted(comparison.compared()));
    return DONE;
  }

  private RecordTime recordTime() {
    String spans = live.topics().spans().name();
    return live.recordTime().inForce(() -> Topics.haveProducersTime(client, spans));
  }

  private int compareIncrements(ShadowRun run, Origin origin, long through) {
    long window = live.merge().window().toMillis();
    long settled =
        origin.knownSinceMillis()
            + live.aggregate().serviceGraph().halfEdgeWait().toMillis()
            + recordTime().bound().toMillis()
            + window;
    IncrementComparison comparison =
        new IncrementComparison(origin.completeThroughMillis(), settled, through);
    long written = Math.max(0, origin.completeThroughMillis() - window - CLOCKS_MILLIS);
    try (OutboxReader once = new OutboxReader(client, live.samples().name());
        OutboxReader again = new OutboxReader(client, run.application().samples().name())) {
      for (int shard = 0; shard < once.shards(); shard++) {
        comparison.shard(new ShardWindows(once, shard, written), new ShardWindows(again, shard, 0));
      }
    }
    comparison.differences().forEach(terminal::error);
    terminal.step(comparison.summary());
    if (comparison.isEmpty()) {
      terminal.error(
          "nothing to compare: the live outbox holds no whole window of these (any more)");
      return CANNOT;
    }
    terminal.step(comparison.isEqual() ? "Equal: every series grew alike" : "Different");
    return comparison.isEqual() ? DONE : FAILED;
  }

  private int output(ShadowRun run) throws InterruptedException {
    return switch (settings.output()) {
      case NONE -> DONE;
      case OPENMETRICS -> write(run);
      case REMOTE_WRITE ->
          new Sending(run.application(), live.targets(), terminal).run() ? DONE : FAILED;
    };
  }

  private int write(ShadowRun run) {
    try (OutboxReader outbox = new OutboxReader(client, run.application().samples().name());
        OpenMetricsFiles files = new OpenMetricsFiles(settings.outputDirectory())) {
      outbox.readAll(files);
      files.finish();
      terminal.step(
          "%,d samples are in %s, one file per tenant; %,d of native histograms have no place in the text"
              .formatted(files.samples(), settings.outputDirectory(), files.leftOut()));
      return DONE;
    }
  }

  private void tidy(ShadowRun run) {
    if (!settings.run().keep() && !run.remove()) {
      terminal.error(
          "the group %s has members still and stays".formatted(run.application().applicationId()));
    }
  }
}
