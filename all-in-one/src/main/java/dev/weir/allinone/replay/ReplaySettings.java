package dev.weir.allinone.replay;

import dev.weir.allinone.shadow.Names;
import dev.weir.allinone.shadow.Position;
import dev.weir.allinone.shadow.RunSettings;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import java.nio.file.Path;
import java.time.Instant;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * What a replay is to do.
 *
 * @param run how it runs, and beside which application
 * @param name what tells the replay's topics, groups and state from others
 * @param from where it begins
 * @param to where it ends, exclusive
 * @param output where what it computed goes
 * @param outputDirectory where text is written
 * @param compare whether it is compared with the live outbox
 * @param identity what is computed, in a line
 */
public record ReplaySettings(
    RunSettings run,
    String name,
    Position from,
    Position to,
    Output output,
    Path outputDirectory,
    boolean compare,
    String identity) {
  private static final String AS = "as";
  private static final String FROM = "from";
  private static final String TO = "to";
  private static final String OUTPUT = "output";
  private static final String OUTPUT_DIR = "output.dir";
  private static final String COMPARE = "compare";

  /** Adds these settings, and those of the streams app, to {@code definition}. */
  public static ConfigDef define(ConfigDef definition) {
    return RunSettings.define(definition)
        .define(
            AS,
            ConfigDef.Type.STRING,
            "replay",
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "Name of the replay: its topics, consumer groups and state carry it. A replay that was interrupted goes on under its name.")
        .define(
            FROM,
            ConfigDef.Type.STRING,
            "beginning",
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "Where it begins: beginning, snapshot:NAME, a time such as 2026-01-31T12:00:00Z (the window's start at or before it), a duration such as 90m for so long ago, or partition:offset,…")
        .define(
            TO,
            ConfigDef.Type.STRING,
            "now",
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "Where it ends, exclusive: now, a time, a duration for so long ago, or partition:offset,… Windows that are not complete by then are not let out.")
        .define(
            OUTPUT,
            ConfigDef.Type.STRING,
            "none",
            ConfigDef.ValidString.in("none", "remote-write", "openmetrics"),
            Importance.HIGH,
            "What becomes of the samples: nothing, remote write to the targets given, or files of text that promtool makes blocks of.")
        .define(
            OUTPUT_DIR,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "Directory of the files, one per tenant; weir-NAME-openmetrics if unset.")
        .define(
            COMPARE,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.HIGH,
            "Whether the samples are compared with the live outbox before they go anywhere; always when they go nowhere.");
  }

  /**
   * Reads these settings.
   *
   * @param now what durations count back from
   * @throws InvalidSettingsException if they contradict each other
   */
  public static ReplaySettings from(Settings settings, Instant now) {
    RunSettings run = RunSettings.from(settings);
    Output output = Output.named(settings.string(OUTPUT));
    String name = Names.require(AS, settings.string(AS));
    Position to = Position.parse(TO, settings.string(TO), now);
    Position from = Position.parse(FROM, settings.string(FROM), now);
    if (to instanceof Position.Beginning || to instanceof Position.OfSnapshot) {
      throw new InvalidSettingsException(
          "to=%s: a replay ends at now, a time or offsets".formatted(settings.string(TO)));
    }
    if (from instanceof Position.Now) {
      throw new InvalidSettingsException("from=now: there is nothing to compute from now to now");
    }
    if (output == Output.REMOTE_WRITE && run.live().targets().isEmpty()) {
      throw new InvalidSettingsException(
          "output=remote-write: no target; say --remote-write-url, or --remote-write-config with a file");
    }
    String directory = settings.string(OUTPUT_DIR);
    return new ReplaySettings(
        run,
        name,
        from,
        to,
        output,
        directory.isEmpty()
            ? run.workDirectory().resolve("weir-%s-openmetrics".formatted(name))
            : Path.of(directory),
        settings.flag(COMPARE) || output == Output.NONE,
        RunSettings.identity(settings, settings.string(FROM), settings.string(TO)));
  }
}
