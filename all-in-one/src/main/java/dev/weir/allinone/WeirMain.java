package dev.weir.allinone;

import dev.weir.allinone.demo.Demo;
import dev.weir.allinone.plan.Plan;
import dev.weir.allinone.plan.PlanSettings;
import dev.weir.allinone.replay.Replay;
import dev.weir.allinone.replay.ReplaySettings;
import dev.weir.allinone.scale.Scale;
import dev.weir.allinone.scale.ScaleSettings;
import dev.weir.allinone.snapshot.SnapshotSettings;
import dev.weir.allinone.snapshot.TakeSnapshot;
import dev.weir.allinone.tempo.TempoImport;
import dev.weir.allinone.terminal.Terminal;
import dev.weir.app.endpoints.PortTakenException;
import dev.weir.app.lifecycle.ProcessSettings;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.audit.application.Audit;
import dev.weir.audit.config.AuditSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** The {@code weir} command. */
public final class WeirMain {
  /** Rows of the screen that is written to; unset if it is none. The start script knows. */
  private static final String ROWS_PROPERTY = "weir.terminal.rows";

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int WRONG_USE = 2;

  private final Terminal terminal;
  private final Map<String, String> environment;
  private final StopSignal stop;

  WeirMain(Terminal terminal, Map<String, String> environment, StopSignal stop) {
    this.terminal = terminal;
    this.environment = environment;
    this.stop = stop;
  }

  /**
   * Runs a command.
   *
   * @param arguments the command and its flags
   */
  public static void main(String[] arguments) {
    StopSignal stop = StopSignal.ofProcess();
    int code;
    try {
      code = new WeirMain(terminal(), System.getenv(), stop).run(Arrays.asList(arguments));
    } finally {
      stop.stopped();
    }
    System.exit(code);
  }

  /** Runs a command and returns the exit code. */
  int run(List<String> arguments) {
    if (arguments.isEmpty()) {
      terminal.error("no command; one of: " + Command.words() + " (./weir help says more)");
      return WRONG_USE;
    }
    Optional<Command> command = Command.named(arguments.get(0));
    if (command.isEmpty()) {
      terminal.error(
          "unknown command '%s'; one of: %s (./weir help says more)"
              .formatted(arguments.get(0), Command.words()));
      return WRONG_USE;
    }
    List<String> flags = arguments.subList(1, arguments.size());
    if (command.get() == Command.HELP || flags.contains("--help") || flags.contains("-h")) {
      terminal.step(Help.text());
      return OK;
    }
    return guarded(command.get(), flags);
  }

  private int guarded(Command command, List<String> flags) {
    try {
      return switch (command) {
        case REPLAY, SNAPSHOT, PLAN -> stoppable(command, flags);
        case AUDIT -> audit(flags);
        case TOPICS -> topics(flags);
        case CONFIG -> config(flags);
        default -> run(command, SettingsSource.read(command, flags, environment));
      };
    } catch (InvalidSettingsException e) {
      e.problems().forEach(terminal::error);
      return WRONG_USE;
    } catch (PortTakenException e) {
      terminal.error(String.valueOf(e.getMessage()));
      return WRONG_USE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    } catch (RuntimeException e) {
      LoggerFactory.getLogger(WeirMain.class).error("weir gives up", e);
      terminal.error("gives up: " + e);
      return FAILED;
    }
  }

  /** What has no use for a latch is interrupted when it is time to stop. */
  private int stoppable(Command command, List<String> flags) throws InterruptedException {
    Thread worker = Thread.currentThread();
    Thread watcher =
        new Thread(
            () -> {
              try {
                stop.latch().await();
                worker.interrupt();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the work is done
              }
            },
            "weir-stop");
    watcher.setDaemon(true);
    watcher.start();
    try {
      return switch (command) {
        case SNAPSHOT -> snapshot(flags);
        case PLAN -> plan(flags);
        default -> replay(flags);
      };
    } finally {
      watcher.interrupt();
    }
  }

  private int replay(List<String> flags) throws InterruptedException {
    Settings settings = SettingsLoader.load(Definition.ofReplay(), flags, environment);
    ProcessSettings.configureLogging(settings);
    return new Replay(ReplaySettings.from(settings, Instant.now()), terminal).run();
  }

  private int snapshot(List<String> flags) throws InterruptedException {
    Settings settings = SettingsLoader.load(Definition.ofSnapshot(), flags, environment);
    ProcessSettings.configureLogging(settings);
    return new TakeSnapshot(SnapshotSettings.from(settings, Instant.now()), terminal).run();
  }

  private int plan(List<String> flags) throws InterruptedException {
    PlanSettings settings =
        PlanSettings.load(Definition.ofPlan(), flags, environment, Instant.now());
    ProcessSettings.configureLogging(settings.loaded());
    return new Plan(settings, terminal).run();
  }

  private int audit(List<String> flags) throws InterruptedException {
    Settings settings = SettingsLoader.load(Definition.ofAudit(), flags, environment);
    ProcessSettings.configureLogging(settings);
    return new Audit(AuditSettings.from(settings), terminal::step, terminal::error).run();
  }

  private int topics(List<String> arguments) throws InterruptedException {
    if (arguments.isEmpty() || !arguments.get(0).equals("scale")) {
      terminal.error("weir topics does one thing: weir topics scale --partitions N");
      return WRONG_USE;
    }
    Settings settings =
        SettingsLoader.load(
            Definition.ofScale(), arguments.subList(1, arguments.size()), environment);
    ProcessSettings.configureLogging(settings);
    return new Scale(ScaleSettings.from(settings), terminal).run();
  }

  private int config(List<String> arguments) {
    if (arguments.size() < 2 || arguments.size() > 3 || !arguments.get(0).equals("import")) {
      terminal.error("say: weir config import TEMPO.YAML [OVERRIDES.YAML]");
      return WRONG_USE;
    }
    String main = read(arguments.get(1));
    Optional<String> tenants = arguments.stream().skip(2).findFirst().map(WeirMain::read);
    terminal.step(TempoImport.of(main, tenants).text());
    return OK;
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new InvalidSettingsException("%s cannot be read: %s".formatted(file, e));
    }
  }

  private int run(Command command, SettingsSource source) throws InterruptedException {
    Settings settings = source.asked();
    Path directory = Path.of(settings.string(Definition.DATA_DIR));
    Run run = Run.of(command, settings);
    try (DataDirectory data = DataDirectory.open(directory)) {
      Ports ports = source.ports();
      NativeLibraries.unpackIn(data.natives());
      LogFile.use(data.log(), settings);
      terminal.step("Starting the broker and the applications, data in " + directory);
      return run(run, source, ports, data);
    }
  }

  private int run(Run run, SettingsSource source, Ports ports, DataDirectory data)
      throws InterruptedException {
    long began = System.nanoTime();
    int code;
    try (AllInOne running = AllInOne.start(source, ports, data, run.withReceiver())) {
      CompletableFuture<String> fatal = running.fatal();
      var unused = fatal.thenRun(() -> stop.latch().countDown());
      running.awaitReady(stop.latch());
      terminal.step("Everything runs after %.1f s".formatted((System.nanoTime() - began) / 1e9));
      code = use(running, run);
      if (fatal.isDone()) {
        terminal.error("cannot go on: " + fatal.join());
        code = FAILED;
      }
      terminal.step("Stopping");
    }
    terminal.step("Stopped");
    return code;
  }

  private int use(AllInOne running, Run run) throws InterruptedException {
    if (run.demo().isPresent()) {
      return new Demo(run.demo().get(), running, terminal, Clock.systemUTC(), stop.latch())
          .run(run.duration());
    }
    UpScreen.show(running, run.withReceiver(), terminal);
    if (run.duration().isPresent()) {
      stop.latch().await(run.duration().get().toMillis(), TimeUnit.MILLISECONDS);
    } else {
      stop.latch().await();
    }
    return OK;
  }

  private static Terminal terminal() {
    String rows = System.getProperty(ROWS_PROPERTY, "");
    return rows.matches("[1-9]\\d{0,3}")
        ? Terminal.screen(System.out, System.err, Integer.parseInt(rows))
        : Terminal.plain(System.out, System.err);
  }
}
