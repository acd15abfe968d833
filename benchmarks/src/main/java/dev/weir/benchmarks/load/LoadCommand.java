package dev.weir.benchmarks.load;

import dev.weir.app.settings.Settings;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.app.settings.SettingsReference;
import dev.weir.benchmarks.payload.SpansTopic;
import dev.weir.benchmarks.payload.SpansTopic.Filled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.utils.Utils;

/**
 * {@code load}: a broker in one process, a topic full of spans, then in turn a plain consumer, the
 * streams-app and, if there is one, Tempo, each in a fresh process that reads all of it.
 */
public final class LoadCommand {
  /** Separates this command's flags from those that the streams-app is given as they are. */
  private static final String APP_FLAGS = "--";

  private LoadCommand() {}

  /** Measures, prints a report, and writes it as JSON if asked to. */
  public static void run(List<String> arguments) throws Exception {
    ConfigDef definition = LoadSettings.define(new ConfigDef());
    if (arguments.contains("--help")) {
      System.out.print(SettingsReference.help(definition));
      System.out.println("What follows -- is given to the streams-app as it is.");
      return;
    }
    int border = arguments.indexOf(APP_FLAGS);
    List<String> own = border < 0 ? arguments : arguments.subList(0, border);
    List<String> appFlags =
        border < 0 ? List.of() : arguments.subList(border + 1, arguments.size());
    Settings settings = SettingsLoader.load(definition, own, Map.of());
    LoadReport report = measure(LoadSettings.from(settings), appFlags);
    System.out.print(report.text());
    String json = settings.string("json");
    if (!json.isEmpty()) {
      Files.writeString(Path.of(json), report.json(), StandardCharsets.UTF_8);
    }
  }

  private static LoadReport measure(LoadSettings settings, List<String> appFlags) throws Exception {
    if (settings.measuresApp() && !Files.exists(settings.appJar())) {
      throw new IOException(
          "streams.app.jar: there is no " + settings.appJar() + "; build the streams-app first");
    }
    if (!settings.directory().isEmpty()) {
      return measureIn(Files.createDirectories(Path.of(settings.directory())), settings, appFlags);
    }
    Path temporary = Files.createTempDirectory("weir-load-");
    LoadReport report = measureIn(temporary, settings, appFlags);
    Utils.delete(temporary.toFile()); // after a failure it is kept, for its logs
    return report;
  }

  private static LoadReport measureIn(Path directory, LoadSettings settings, List<String> appFlags)
      throws Exception {
    System.out.println("Logs and data: " + directory);
    try (ChildProcess broker =
        ChildProcess.ofThisJar(
            "broker",
            List.of("-Xmx1g"),
            List.of(directory.resolve("broker").toString()),
            directory)) {
      String servers = broker.answer(BrokerProcess.READY);
      Filled filled = fill(servers, settings);
      List<String> flags = new ArrayList<>(settings.shape().flags(directory));
      flags.addAll(appFlags);
      return measure(settings, new LoadRuns(settings, flags, directory, broker, servers, filled));
    }
  }

  private static Filled fill(String servers, LoadSettings settings) {
    Filled filled =
        new SpansTopic(servers, LoadSettings.TOPIC, settings.partitions())
            .fill(
                settings.shape().payload(Clock.systemUTC().instant(), settings.instances()),
                settings.spans());
    System.out.printf(
        "%,d spans, %,d records, %,d bytes before lz4%n",
        filled.spans(), filled.records(), filled.bytes());
    return filled;
  }

  private static LoadReport measure(LoadSettings settings, LoadRuns runs) throws Exception {
    List<Measurement> polls = new ArrayList<>();
    List<AppRun> apps = new ArrayList<>();
    List<AppRun> tempos = new ArrayList<>();
    for (int repetition = 1; repetition <= settings.repetitions(); repetition++) {
      polls.add(runs.poll());
      System.out.printf(
          "poll %d: %.2f CPU s%n", repetition, polls.get(repetition - 1).cpuSeconds());
      if (settings.measuresApp()) {
        apps.add(runs.app(repetition));
        System.out.printf(
            "app %d: %.2f CPU s%n", repetition, apps.get(repetition - 1).read().cpuSeconds());
      }
      if (settings.measuresTempo()) {
        tempos.add(runs.tempo(repetition));
        System.out.printf(
            "tempo %d: %.2f CPU s%n", repetition, tempos.get(repetition - 1).read().cpuSeconds());
      }
    }
    return new LoadReport(runs.filled(), settings.partitions(), polls, apps, tempos);
  }
}
