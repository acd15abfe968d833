package dev.weir.streams.spanmetrics;

import java.util.Set;

/**
 * Whether span metrics say what process a span came from.
 *
 * @param enabled whether they have the labels {@code job} and {@code instance}, and the resource's
 *     other attributes are told by {@code traces_target_info}
 * @param excluded keys of attributes that are not told
 * @param instanceLabel whether there is the label {@code instance}
 */
public record TargetInfoSettings(boolean enabled, Set<String> excluded, boolean instanceLabel) {

  /** Nothing is said. */
  public static final TargetInfoSettings DISABLED = new TargetInfoSettings(false, Set.of(), true);

  public TargetInfoSettings {
    excluded = Set.copyOf(excluded);
  }
}
