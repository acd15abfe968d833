package dev.weir.streams.overrides;

import dev.weir.streams.rewrite.LabelRewrites;

/**
 * What is in force for a tenant in a window.
 *
 * @param number of the newest version that had a part in the settings; 0 if there was none, and the
 *     process's own are in force. Of one tenant, two with the same number are the same
 * @param rewrites what was learned of its labels; nothing if settings ask for nothing. Likewise
 *     known by their number
 */
public record EffectiveSettings(long number, TenantSettings settings, LabelRewrites rewrites) {

  /** Settings without anything that was learned. */
  public EffectiveSettings(long number, TenantSettings settings) {
    this(number, settings, LabelRewrites.NONE);
  }
}
