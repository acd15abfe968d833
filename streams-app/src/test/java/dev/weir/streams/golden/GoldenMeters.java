package dev.weir.streams.golden;

import dev.weir.streams.telemetry.StreamsMeters;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The meters of a run, as {@code /metrics} shows them. */
final class GoldenMeters {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final StreamsMeters meters = new StreamsMeters(registry);

  StreamsMeters meters() {
    return meters;
  }

  /** Those whose names are among these lines'. */
  Map<String, String> named(Map<String, String> lines) {
    Set<String> names = lines.keySet().stream().map(GoldenMeters::name).collect(Collectors.toSet());
    Map<String, String> shown = lines(registry.scrape());
    shown.keySet().removeIf(meter -> !names.contains(name(meter)));
    return shown;
  }

  private static String name(String meter) {
    return meter.replaceFirst("\\{.*", "");
  }

  /** Values by meter and labels. */
  static Map<String, String> lines(String scrape) {
    Map<String, String> lines = new TreeMap<>();
    scrape
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(
            line -> {
              int space = line.lastIndexOf(' ');
              lines.put(
                  line.substring(0, space).strip(),
                  line.substring(space + 1).replaceFirst("\\.0$", ""));
            });
    return lines;
  }
}
