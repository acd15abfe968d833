package dev.weir.ingester.api;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.weir.ingester.querier.TraceAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The four forms of a trace: Tempo's API version 1 and 2, JSON and protobuf. */
final class TraceRendering {
  private static final JsonFormat.Printer JSON =
      JsonFormat.printer().omittingInsignificantWhitespace();
  private static final String RESOURCE_SPANS = "{\"resourceSpans\":";

  private TraceRendering() {}

  /** {@code {"batches":[…]}}: the first version calls the only field so. */
  static String jsonV1(TraceAnswer answer) {
    return "{\"batches\":" + json(answer).substring(RESOURCE_SPANS.length());
  }

  /** {@code {"trace":{"resourceSpans":[…]},"metrics":{…}}}. */
  static String jsonV2(TraceAnswer answer) {
    String metrics =
        answer.inspectedBytes() == 0
            ? ""
            : "\"inspectedBytes\":\"" + answer.inspectedBytes() + "\"";
    String partial =
        answer.unreadable() == 0
            ? ""
            : ",\"status\":\"PARTIAL\",\"message\":\"" + explanation(answer) + "\"";
    return "{\"trace\":" + json(answer) + ",\"metrics\":{" + metrics + "}" + partial + "}";
  }

  static byte[] protobufV1(TraceAnswer answer) {
    return answer.trace().toByteArray();
  }

  /**
   * {@code TraceByIDResponse}: 1 trace, 2 metrics (1 inspected bytes), 3 status (1 is PARTIAL), 4
   * message. The trace is written even if it is empty, since Grafana takes it for granted.
   */
  static byte[] protobufV2(TraceAnswer answer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeMessage(1, answer.trace());
      out.writeByteArray(2, metrics(answer.inspectedBytes()));
      if (answer.unreadable() > 0) {
        out.writeEnum(3, 1);
        out.writeString(4, explanation(answer));
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not from memory
    }
    return bytes.toByteArray();
  }

  private static byte[] metrics(long inspectedBytes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeUInt64(1, inspectedBytes);
    out.flush();
    return bytes.toByteArray();
  }

  private static String json(TraceAnswer answer) {
    try {
      return JSON.print(answer.trace());
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e); // only for messages of type Any
    }
  }

  private static String explanation(TraceAnswer answer) {
    return answer.unreadable()
        + " records or segments that may hold spans of this trace cannot be read";
  }
}
