package dev.weir.audit.books;

/**
 * Something that should not be.
 *
 * @param tenant empty if it concerns none in particular
 * @param firstOffset in the topic of spans; -1 if there is none to name
 * @param text for people
 */
public record Finding(
    String tenant, int partition, long firstOffset, long lastOffset, String text) {}
