package dev.weir.allinone.plan;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.allinone.replay.Growth;
import dev.weir.allinone.replay.OutboxReader;
import dev.weir.allinone.shadow.Origin;
import dev.weir.allinone.shadow.Position;
import dev.weir.allinone.shadow.Progress;
import dev.weir.allinone.shadow.RunSettings;
import dev.weir.allinone.shadow.ShadowRun;
import dev.weir.allinone.shadow.SourceLog;
import dev.weir.allinone.shadow.Stretch;
import dev.weir.allinone.shadow.Task;
import dev.weir.allinone.terminal.Terminal;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.streams.config.OverridesSettings.Base;
import dev.weir.streams.config.StreamsSettings;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Computes the last part of the log with the present settings and with planned ones, both beside
 * the live application, and shows what differs. Nothing of it reaches targets or live topics. Both
 * take what the file and users say of tenants from the live topic, and neither takes the base that
 * is published there, which would be the present one for both.
 */
public final class Plan {
  private static final int SAME = 0;
  private static final int CHANGES = 1;
  private static final int CANNOT = 2;
  private static final long LOOK_MILLIS = 100;

  private final PlanSettings settings;
  private final Terminal terminal;

  public Plan(PlanSettings settings, Terminal terminal) {
    this.settings = settings;
    this.terminal = terminal;
  }

  /**
   * Computes and shows.
   *
   * @return 0 if nothing would change, 1 if something would, 2 if that cannot be told
   * @throws InvalidSettingsException if what is asked for makes no sense here
   */
  public int run() throws InterruptedException {
    RunSettings present = settings.present();
    Stretch stretch = stretch(present);
    terminal.step(
        "Computing %,d records twice, with the present and with the planned settings"
            .formatted(stretch.length()));
    ExecutorService both = Executors.newFixedThreadPool(2);
    try (ShadowRun before = open(present, "-present");
        ShadowRun after = open(settings.planned(), "-planned")) {
      CpuOfThreads cpuBefore = new CpuOfThreads(before.application().applicationId());
      CpuOfThreads cpuAfter = new CpuOfThreads(after.application().applicationId());
      Future<ShadowRun.Outcome> first =
          both.submit(compute(before, stretch, new Progress(terminal::step)));
      Future<ShadowRun.Outcome> second =
          both.submit(compute(after, stretch, new Progress(line -> {})));
      ShadowRun.Outcome outcomeBefore = join(first, cpuBefore, cpuAfter);
      ShadowRun.Outcome outcomeAfter = join(second, cpuBefore, cpuAfter);
      int code =
          show(
              computed(before.application(), cpuBefore),
              computed(after.application(), cpuAfter),
              outcomeBefore,
              outcomeAfter);
      if (!settings.planned().keep()) {
        before.remove();
        after.remove();
      }
      return code;
    } finally {
      both.shutdownNow();
    }
  }

  private Stretch stretch(RunSettings present) {
    StreamsSettings live = present.live();
    try (SourceLog log = new SourceLog(live.topics().kafkaClient(), live.topics().spans().name())) {
      Position from = new Position.AtTime(settings.now().minus(settings.last()));
      Stretch stretch =
          new Stretch(Origin.of(from, Optional.empty(), log, present).from(), log.ends());
      if (stretch.length() == 0) {
        throw new InvalidSettingsException(
            "last: there was no record in that time; say a longer one");
      }
      return stretch;
    }
  }

  /** A plan is not worth going on with: one that was interrupted is begun anew. */
  private ShadowRun open(RunSettings run, String suffix) {
    String name = settings.name() + suffix;
    Task task =
        new Task(
            run.live(),
            name,
            run.directoryOf(name),
            "plan at " + settings.now(),
            Optional.empty(),
            settings.planned().rate(),
            settings.planned().patience(),
            Base.OWN);
    ShadowRun.discard(task);
    return ShadowRun.open(task);
  }

  private static Callable<ShadowRun.Outcome> compute(
      ShadowRun run, Stretch stretch, Progress progress) {
    return () -> run.compute(stretch, progress);
  }

  private static ShadowRun.Outcome join(Future<ShadowRun.Outcome> run, CpuOfThreads... cpu)
      throws InterruptedException {
    while (!run.isDone()) {
      for (CpuOfThreads threads : cpu) {
        threads.look();
      }
      Thread.sleep(LOOK_MILLIS);
    }
    try {
      return run.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a run of the plan failed: " + e.getCause(), e);
    }
  }

  private int show(
      Computed present,
      Computed planned,
      ShadowRun.Outcome outcomeBefore,
      ShadowRun.Outcome outcomeAfter) {
    for (ShadowRun.Outcome outcome : new ShadowRun.Outcome[] {outcomeBefore, outcomeAfter}) {
      if (!outcome.failure().isEmpty()) {
        terminal.error("cannot tell: " + outcome.failure());
        return CANNOT;
      }
    }
    if (present.samples() + planned.samples() == 0) {
      terminal.error("cannot tell: no window was complete in that time");
      return CANNOT;
    }
    Changes changes = new Changes(present, planned);
    changes.lines((double) settings.last().toMillis() / 1000).forEach(terminal::step);
    terminal.step(changes.isEmpty() ? "Nothing would change" : "Something would change");
    return changes.isEmpty() ? SAME : CHANGES;
  }

  private static Computed computed(StreamsSettings application, CpuOfThreads cpu) {
    Growth growth = new Growth();
    Map<String, Object> client = application.topics().kafkaClient();
    try (OutboxReader outbox = new OutboxReader(client, application.samples().name())) {
      outbox.readAll((shard, tenant, key, request) -> add(growth, tenant, request));
    }
    return new Computed(growth.take(), growth.seen(), growth.samples(), cpu.nanos());
  }

  private static void add(Growth growth, String tenant, byte[] request) {
    try {
      growth.add(tenant, request);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(
          "the outbox of the plan holds a record that is no request", e);
    }
  }
}
