package dev.weir.audit.recount;

/**
 * What was decided by the clock about a partition.
 *
 * @param beforeOffset offset of the first record that was read afterwards
 * @param millis Unix milliseconds
 * @param givesUp whether windows before that time wait no longer; if not, the partition has reached
 *     that time
 */
public record LoggedDecision(long beforeOffset, long millis, boolean givesUp) {}
