package dev.weir.streams.config;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import dev.weir.streams.series.HistogramBounds;
import java.util.List;

/** Bounds of histograms. */
final class Buckets {
  private Buckets() {}

  static HistogramBounds read(Settings settings, String key) {
    List<String> texts = settings.list(key);
    try {
      return new HistogramBounds(texts.stream().map(Double::parseDouble).toList());
    } catch (IllegalArgumentException e) { // NumberFormatException is one
      throw new InvalidSettingsException(
          "Invalid value %s for configuration %s: %s"
              .formatted(String.join(",", texts), key, e.getMessage()));
    }
  }
}
