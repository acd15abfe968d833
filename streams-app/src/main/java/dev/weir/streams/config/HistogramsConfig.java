package dev.weir.streams.config;

import dev.weir.app.settings.Durations;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import dev.weir.streams.series.HistogramKind;
import dev.weir.streams.series.NativeSettings;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** What kind of histograms there are. */
final class HistogramsConfig {
  private static final String HISTOGRAMS = "histograms";
  private static final String BUCKET_FACTOR = "native.histogram.bucket.factor";
  private static final String MAX_BUCKETS = "native.histogram.max.bucket.number";
  private static final String MIN_RESET = "native.histogram.min.reset.duration";

  private HistogramsConfig() {}

  static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            HISTOGRAMS,
            ConfigDef.Type.STRING,
            HistogramKind.CLASSIC.label(),
            ConfigDef.ValidString.in(HistogramKind.names().toArray(String[]::new)),
            Importance.MEDIUM,
            "Whether histograms are classic, a series for each bucket; native, one series with exponential buckets; or both.")
        .define(
            BUCKET_FACTOR,
            ConfigDef.Type.DOUBLE,
            1.1,
            Importance.LOW,
            "By how much a bucket of a native histogram is at most wider than the one before; more than 1.")
        .define(
            MAX_BUCKETS,
            ConfigDef.Type.INT,
            100,
            ConfigDef.Range.between(1, NativeSettings.MOST_BUCKETS),
            Importance.LOW,
            "How many buckets a native histogram may have before its resolution is halved.")
        .define(
            MIN_RESET,
            ConfigDef.Type.STRING,
            "15m",
            Durations.between("1s", "8760h"),
            Importance.LOW,
            "How long a native histogram must have counted before it may begin anew with its full resolution, in the time of records.");
  }

  static HistogramKind kind(Settings settings) {
    return HistogramKind.named(settings.string(HISTOGRAMS));
  }

  static NativeSettings natives(Settings settings) {
    double factor = settings.decimal(BUCKET_FACTOR);
    if (!(factor > 1)) {
      throw new InvalidSettingsException(
          "Invalid value %s for configuration %s: must be more than 1"
              .formatted(factor, BUCKET_FACTOR));
    }
    return new NativeSettings(factor, settings.integer(MAX_BUCKETS), settings.duration(MIN_RESET));
  }
}
