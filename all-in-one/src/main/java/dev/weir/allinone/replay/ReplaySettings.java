package dev.weir.allinone.replay;

import dev.weir.app.settings.Durations;
import dev.weir.app.settings.Settings;
import dev.weir.streams.config.StreamsSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.common.config.ConfigDef;

/**
 * What a replay is to do.
 *
 * @param live the settings of the application whose outbox is compared
 * @param name what tells the replay's topics, group and state from the live ones
 * @param keep whether they stay when it is over
 * @param patience after how long without a new record it gives up
 */
public record ReplaySettings(StreamsSettings live, String name, boolean keep, Duration patience) {
  private static final String AS = "as";
  private static final String KEEP = "keep";
  private static final String PATIENCE = "patience";

  /** Adds these settings, and those of the streams app, to {@code definition}. */
  public static ConfigDef define(ConfigDef definition) {
    return own(StreamsSettings.define(definition));
  }

  private static ConfigDef own(ConfigDef definition) {
    return definition
        .define(
            AS,
            ConfigDef.Type.STRING,
            "replay",
            new ConfigDef.NonEmptyString(),
            ConfigDef.Importance.HIGH,
            "Name of the replay: its topics, consumer group and state carry it.")
        .define(
            KEEP,
            ConfigDef.Type.BOOLEAN,
            false,
            ConfigDef.Importance.MEDIUM,
            "Whether the replay's topics and state stay when it is over.")
        .define(
            PATIENCE,
            ConfigDef.Type.STRING,
            "2m",
            Durations.between("1s", "24h"),
            ConfigDef.Importance.LOW,
            "After how long without a new record the replay gives up.");
  }

  /** Reads these settings. */
  public static ReplaySettings from(Settings settings) {
    return new ReplaySettings(
        StreamsSettings.from(settings),
        settings.string(AS),
        settings.flag(KEEP),
        settings.duration(PATIENCE));
  }

  /** The settings of the application that computes again. */
  StreamsSettings replayed() {
    return live.apart(name, Path.of("weir-" + name));
  }
}
