package dev.weir.allinone.receiver;

/**
 * A value of a series at a time.
 *
 * @param timestampMillis Unix milliseconds
 */
public record Point(long timestampMillis, double value) {}
