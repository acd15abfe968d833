package dev.weir.streams.simulator;

import com.google.protobuf.ByteString;
import dev.weir.schemas.topic.SpanCodec;
import java.util.List;

/** A topic of spans: the records of each partition, in order. */
record SpanLog(SpanCodec codec, List<List<LogRecord>> partitions) {

  /**
   * One record.
   *
   * @param isMark whether it only says that time has passed
   */
  record LogRecord(String tenant, ByteString value, long timestampMillis, boolean isMark) {}
}
