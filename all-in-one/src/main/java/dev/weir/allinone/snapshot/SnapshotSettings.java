package dev.weir.allinone.snapshot;

import dev.weir.allinone.shadow.Names;
import dev.weir.allinone.shadow.Position;
import dev.weir.allinone.shadow.RunSettings;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import java.time.Instant;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * What snapshot to take.
 *
 * @param run how, and beside which application
 * @param name of the snapshot
 * @param from what it is computed from
 * @param at its time; the border of a window at it or before it is taken
 * @param identity what is computed, in a line
 */
public record SnapshotSettings(
    RunSettings run, String name, Position from, Instant at, String identity) {
  private static final String AS = "as";
  private static final String FROM = "from";
  private static final String AT = "at";

  /** Adds these settings, and those of the streams app, to {@code definition}. */
  public static ConfigDef define(ConfigDef definition) {
    return RunSettings.define(definition)
        .define(
            AS,
            ConfigDef.Type.STRING,
            "snapshot",
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "Name of the snapshot.")
        .define(
            FROM,
            ConfigDef.Type.STRING,
            "beginning",
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "What it is computed from: the beginning of the log, or an earlier snapshot as snapshot:NAME, which takes only the records since.")
        .define(
            AT,
            ConfigDef.Type.STRING,
            "now",
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "Its time: now, a time such as 2026-01-31T12:00:00Z, or a duration such as 90m for so long ago; the border of a window at it or before it.");
  }

  /**
   * Reads these settings.
   *
   * @param now what durations count back from
   * @throws InvalidSettingsException if they make no sense
   */
  public static SnapshotSettings from(Settings settings, Instant now) {
    Position from = Position.parse(FROM, settings.string(FROM), now);
    if (!(from instanceof Position.Beginning) && !(from instanceof Position.OfSnapshot)) {
      throw new InvalidSettingsException(
          "from=%s: totals are known from the beginning or from a snapshot only"
              .formatted(settings.string(FROM)));
    }
    return new SnapshotSettings(
        RunSettings.from(settings),
        Names.require(AS, settings.string(AS)),
        from,
        at(settings.string(AT), now),
        RunSettings.identity(settings, settings.string(FROM), settings.string(AT)));
  }

  private static Instant at(String text, Instant now) {
    Position at = Position.parse(AT, text, now);
    if (at instanceof Position.Now) {
      return now;
    }
    if (at instanceof Position.AtTime time && !time.instant().isAfter(now)) {
      return time.instant();
    }
    throw new InvalidSettingsException(
        "at=%s: must be now, a time that has passed, or a duration for so long ago"
            .formatted(text));
  }
}
