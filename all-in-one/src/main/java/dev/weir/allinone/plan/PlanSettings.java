package dev.weir.allinone.plan;

import dev.weir.allinone.shadow.Names;
import dev.weir.allinone.shadow.RunSettings;
import dev.weir.app.settings.Durations;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import dev.weir.app.settings.SettingsLoader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * What a plan is to show.
 *
 * @param present the settings in force
 * @param planned those that may follow
 * @param name what tells the plan's topics, groups and state from others
 * @param last how much of the log is computed
 * @param now up to when
 * @param loaded the planned ones with everything else that was said
 */
public record PlanSettings(
    RunSettings present,
    RunSettings planned,
    String name,
    Duration last,
    Instant now,
    Settings loaded) {
  private static final String AS = "as";
  private static final String LAST = "last";
  private static final String PRESENT = "present";
  private static final String CONFIG_FLAG = "--config";

  /** Adds these settings, and those of the streams app, to {@code definition}. */
  public static ConfigDef define(ConfigDef definition) {
    return RunSettings.define(definition)
        .define(
            AS,
            ConfigDef.Type.STRING,
            "plan",
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "Name of the plan: its topics, consumer groups and state carry it.")
        .define(
            LAST,
            ConfigDef.Type.STRING,
            "1h",
            Durations.between("1s", "3650d"),
            Importance.HIGH,
            "How much of the log is computed, up to now.")
        .define(
            PRESENT,
            ConfigDef.Type.STRING,
            "",
            Importance.HIGH,
            "File with the settings in force, as --config has the new ones; the defaults if unset. Flags and environment hold for both.");
  }

  /**
   * Reads both settings.
   *
   * @param arguments flags; {@code --config} says the new settings
   * @param now up to when the log is computed
   * @throws InvalidSettingsException if either is not valid, or there is nothing to compare
   */
  public static PlanSettings load(
      ConfigDef definition, List<String> arguments, Map<String, String> environment, Instant now) {
    Settings planned = SettingsLoader.load(definition, arguments, environment);
    List<String> flags = new ArrayList<>(arguments);
    if (!removeConfig(flags)) {
      throw new InvalidSettingsException(
          "plan: say the new settings with --config FILE, and the present ones with --present FILE unless they are the defaults");
    }
    Optional.of(planned.string(PRESENT))
        .filter(file -> !file.isEmpty())
        .ifPresent(file -> flags.add(CONFIG_FLAG + "=" + file));
    Settings present = SettingsLoader.load(definition, flags, environment);
    PlanSettings plan =
        new PlanSettings(
            RunSettings.from(present),
            RunSettings.from(planned),
            Names.require(AS, planned.string(AS)),
            planned.duration(LAST),
            now,
            planned);
    String before = plan.present().live().topics().spans().name();
    String after = plan.planned().live().topics().spans().name();
    if (!before.equals(after)) {
      throw new InvalidSettingsException(
          "spans.topic=%s: both settings must read the same topic, the present ones read %s"
              .formatted(after, before));
    }
    return plan;
  }

  private static boolean removeConfig(List<String> flags) {
    boolean found = false;
    for (int i = flags.size() - 1; i >= 0; i--) {
      if (flags.get(i).equals(CONFIG_FLAG)) {
        flags.subList(i, Math.min(i + 2, flags.size())).clear();
        found = true;
      } else if (flags.get(i).startsWith(CONFIG_FLAG + "=")) {
        flags.remove(i);
        found = true;
      }
    }
    return found;
  }
}
