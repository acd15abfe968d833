package dev.weir.streams.overrides;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Tempo's overrides may say and Weir's cannot. */
public final class TempoForm {
  private static final Set<String> OF_OTHERS =
      Set.of(
          "ingestion",
          "read",
          "compaction",
          "global",
          "storage",
          "forwarders",
          "cost_attribution",
          "metrics_generator.ring_size",
          "metrics_generator.forwarder",
          "metrics_generator.collection_interval",
          "metrics_generator.disable_collection",
          "metrics_generator.remote_write_headers",
          "metrics_generator.ingestion_time_range_slack",
          "metrics_generator.processor.host_info.metric_name");

  private TempoForm() {}

  /**
   * Overrides without what Weir has not.
   *
   * @param form the rest
   * @param ignored paths of what was left out; not of what was empty
   */
  public record Known(Map<String, Object> form, List<String> ignored) {}

  /** Tells what Weir has from what it has not; what nobody knows counts as the former. */
  public static Known known(Map<?, ?> form) {
    List<String> ignored = new ArrayList<>();
    return new Known(known("", form, ignored), ignored);
  }

  private static Map<String, Object> known(String prefix, Map<?, ?> form, List<String> ignored) {
    Map<String, Object> known = new LinkedHashMap<>();
    form.forEach(
        (key, value) -> {
          String path = prefix + key;
          if (!OF_OTHERS.contains(path)) {
            known.put(
                String.valueOf(key),
                value instanceof Map<?, ?> section ? known(path + '.', section, ignored) : value);
          } else if (saysSomething(value)) {
            ignored.add(path);
          }
        });
    return known;
  }

  private static boolean saysSomething(@Nullable Object value) {
    return value != null && !(value instanceof Map<?, ?> section && section.isEmpty());
  }
}
