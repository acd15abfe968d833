package dev.weir.audit.recount;

import com.google.protobuf.ByteString;

/**
 * A record of the topic of spans.
 *
 * @param timestampMillis Unix milliseconds; negative if it has none
 * @param key empty if it has none
 * @param value empty if it has none
 * @param idleMark whether it only says that time has passed
 */
public record LogRecord(
    long offset, long timestampMillis, ByteString key, ByteString value, boolean idleMark) {}
