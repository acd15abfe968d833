package dev.weir.streams.simulator;

import com.google.protobuf.ByteString;
import dev.weir.schemas.topic.SpanCodec;
import java.util.List;

/**
 * A topic of spans: the records of each partition, in order.
 *
 * @param atFirst how many of the partitions were there when the tasks of these began
 */
record SpanLog(SpanCodec codec, List<List<LogRecord>> partitions, int atFirst) {

  /**
   * One record.
   *
   * @param isMark whether it only says that time has passed
   * @param growsTo if it is a mark that says so, how many partitions there are from here on; else 0
   * @param givesUp whether it is no record but the decision to give up windows before its time
   */
  record LogRecord(
      String tenant,
      ByteString value,
      long timestampMillis,
      boolean isMark,
      int growsTo,
      boolean givesUp) {
    LogRecord(String tenant, ByteString value, long timestampMillis, boolean isMark) {
      this(tenant, value, timestampMillis, isMark, 0, false);
    }
  }
}
