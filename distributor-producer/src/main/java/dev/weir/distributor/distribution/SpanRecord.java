package dev.weir.distributor.distribution;

/**
 * A record of spans for one partition. The bytes are handed over, not copied: nobody changes them.
 *
 * @param value by the topic's codec
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SpanRecord(int partition, byte[] value) {}
