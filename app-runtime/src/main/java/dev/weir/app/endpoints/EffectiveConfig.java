package dev.weir.app.endpoints;

import java.util.SortedMap;

/**
 * What {@code /config} shows.
 *
 * @param settings values in force by key, secrets already masked
 */
public record EffectiveConfig(SortedMap<String, String> settings) {}
