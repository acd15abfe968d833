package dev.weir.streams.config;

import dev.weir.app.settings.Durations;
import dev.weir.app.settings.Settings;
import dev.weir.schemas.topic.TopicContract;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** The settings of overrides. */
final class OverridesConfig {
  private static final String TOPIC = "overrides.topic";
  private static final String FILE = "overrides.file";
  private static final String FILE_PERIOD = "overrides.file.period";
  private static final String API = "overrides.api.enabled";
  private static final String REPLACE_DEFAULTS = "compatibility.tenant.overrides.replace.defaults";

  private OverridesConfig() {}

  static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            TOPIC,
            ConfigDef.Type.STRING,
            TopicContract.DEFAULT_OVERRIDES,
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "Topic of the versions of settings that may differ by tenant; made if it does not exist. One for each application id.")
        .define(
            FILE,
            ConfigDef.Type.STRING,
            "",
            Importance.HIGH,
            "File with settings by tenant in Tempo's form: defaults, and overrides by tenant, '*' among them. Looked at while running; an invalid one changes nothing. Empty for none.")
        .define(
            FILE_PERIOD,
            ConfigDef.Type.STRING,
            "10s",
            Durations.between("100ms", "1h"),
            Importance.LOW,
            "How often overrides.file is looked at.")
        .define(
            API,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether tenants may change settings of theirs by HTTP, at /api/overrides, in Tempo's form. Whoever reaches http.port may then speak for any tenant.")
        .define(
            REPLACE_DEFAULTS,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.LOW,
            "Whether a tenant's entry in overrides.file takes the place of the file's defaults altogether, as in Tempo, instead of going over them field by field.");
  }

  static OverridesSettings from(Settings settings) {
    String file = settings.string(FILE);
    return new OverridesSettings(
        TopicContract.overrides(settings.string(TOPIC)),
        true,
        file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file)),
        settings.duration(FILE_PERIOD),
        settings.flag(API),
        settings.flag(REPLACE_DEFAULTS),
        OverridesSettings.Base.PUBLISHED);
  }
}
