package dev.weir.allinone.scale;

import dev.weir.app.settings.Settings;
import dev.weir.streams.config.StreamsSettings;
import org.apache.kafka.common.config.ConfigDef;

/**
 * What is to grow, and how far.
 *
 * @param streams the settings of the streams app that reads the spans
 * @param partitions how many partitions the topic of spans is to have
 */
public record ScaleSettings(StreamsSettings streams, int partitions) {
  private static final String PARTITIONS = "partitions";

  /** Adds these settings, and those of the streams app, to {@code definition}. */
  public static ConfigDef define(ConfigDef definition) {
    return StreamsSettings.define(definition)
        .define(
            PARTITIONS,
            ConfigDef.Type.INT,
            ConfigDef.NO_DEFAULT_VALUE,
            ConfigDef.Range.between(1, 10_000),
            ConfigDef.Importance.HIGH,
            "How many partitions the topic of spans is to have; Kafka cannot take partitions away.");
  }

  /** Reads these settings. */
  public static ScaleSettings from(Settings settings) {
    return new ScaleSettings(StreamsSettings.from(settings), settings.integer(PARTITIONS));
  }
}
