package dev.weir.allinone.shadow;

import dev.weir.app.settings.Durations;
import dev.weir.app.settings.Settings;
import dev.weir.streams.config.StreamsSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.zip.CRC32C;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * What every run beside the live application can be told.
 *
 * @param live the settings of that application
 * @param rate how fast the log is read
 * @param workDirectory where the directories of runs are
 * @param snapshots where snapshots are
 * @param keep whether what the run made stays when it is over
 * @param restart whether an interrupted run of the same name is begun anew
 * @param patience after how long without progress it gives up
 */
public record RunSettings(
    StreamsSettings live,
    Rate rate,
    Path workDirectory,
    Path snapshots,
    boolean keep,
    boolean restart,
    Duration patience) {
  /** Those that only say how, how fast, or where to. */
  private static final Set<String> NOT_OF_SAMPLES =
      Set.of(
          "rate",
          "work.dir",
          "snapshots.dir",
          "keep",
          "restart",
          "patience",
          "as",
          "from",
          "to",
          "output",
          "output.dir",
          "compare",
          "remote.write.url",
          "remote.write.config",
          "log.level",
          "log.format",
          "http.host",
          "http.port",
          "stream.threads",
          "commit.interval",
          "rocksdb.memory.bytes",
          "state.dir",
          "instance.id",
          "group.protocol",
          "session.timeout",
          "standby.replicas",
          "idle.marks",
          "overrides.file",
          "overrides.file.period",
          "overrides.api.enabled",
          "compatibility.tenant.overrides.replace.defaults");

  private static final String RATE = "rate";
  private static final String WORK_DIR = "work.dir";
  private static final String SNAPSHOTS_DIR = "snapshots.dir";
  private static final String KEEP = "keep";
  private static final String RESTART = "restart";
  private static final String PATIENCE = "patience";

  /** Adds these settings, and those of the streams app, to {@code definition}. */
  public static ConfigDef define(ConfigDef definition) {
    return StreamsSettings.define(definition)
        .define(
            RATE,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "How fast the log is read: records per second such as 5000, or bytes such as 20MB; as fast as it goes if unset.")
        .define(
            WORK_DIR,
            ConfigDef.Type.STRING,
            ".",
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "Directory in which a run keeps its state, in weir-NAME; a run goes on from there after a crash.")
        .define(
            SNAPSHOTS_DIR,
            ConfigDef.Type.STRING,
            "./weir-snapshots",
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "Directory in which snapshots are, each in one of its name.")
        .define(
            KEEP,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether the topics, groups and state of the run stay when it is over.")
        .define(
            RESTART,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether an interrupted run of the same name is begun anew instead of going on.")
        .define(
            PATIENCE,
            ConfigDef.Type.STRING,
            "2m",
            Durations.between("1s", "24h"),
            Importance.LOW,
            "After how long without progress the run gives up.");
  }

  /** Reads these settings. */
  public static RunSettings from(Settings settings) {
    return new RunSettings(
        StreamsSettings.from(settings),
        Rate.parse(RATE, settings.string(RATE)),
        Path.of(settings.string(WORK_DIR)),
        Path.of(settings.string(SNAPSHOTS_DIR)),
        settings.flag(KEEP),
        settings.flag(RESTART),
        settings.duration(PATIENCE));
  }

  /**
   * What a run computes, in a line: its stretch as it was said, and a checksum of all settings that
   * shape samples.
   */
  public static String identity(Settings settings, String from, String to) {
    CRC32C sum = new CRC32C();
    settings.effective().entrySet().stream()
        .filter(setting -> !NOT_OF_SAMPLES.contains(setting.getKey()))
        .filter(setting -> !setting.getKey().startsWith("kafka."))
        .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
        .forEach(line -> sum.update(line.getBytes(StandardCharsets.UTF_8)));
    return "from %s to %s, settings %08x".formatted(from, to, sum.getValue());
  }

  /** The directory of a run. */
  public Path directoryOf(String name) {
    return workDirectory.resolve("weir-" + name);
  }
}
