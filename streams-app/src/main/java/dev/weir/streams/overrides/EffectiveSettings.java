package dev.weir.streams.overrides;

/**
 * What is in force for a tenant in a window.
 *
 * @param number of the newest version that had a part in it; 0 if there was none, and the process's
 *     own settings are in force. Of one tenant, two with the same number are the same
 */
public record EffectiveSettings(long number, TenantSettings settings) {}
