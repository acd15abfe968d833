package dev.weir.distributor.receiver;

import com.google.protobuf.CodedOutputStream;
import dev.weir.distributor.distribution.Outcome;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Outcomes as OTLP's messages, the same over every transport. */
public final class OtlpAnswer {
  private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

  private OtlpAnswer() {}

  /** Codes of {@code google.rpc.Code}. */
  public enum Code {
    INVALID_ARGUMENT(3),
    RESOURCE_EXHAUSTED(8),
    INTERNAL(13),
    UNAVAILABLE(14),
    UNAUTHENTICATED(16);

    private final int number;

    Code(int number) {
      this.number = number;
    }

    /** The code as it goes over the wire. */
    public int number() {
      return number;
    }

    /** The code of a refusal. */
    public static Code of(Outcome.Refusal refusal) {
      if (refusal instanceof Outcome.Invalid) {
        return INVALID_ARGUMENT;
      }
      if (refusal instanceof Outcome.TooLarge) {
        return RESOURCE_EXHAUSTED;
      }
      if (refusal instanceof Outcome.Unauthenticated) {
        return UNAUTHENTICATED;
      }
      return refusal instanceof Outcome.Unavailable ? UNAVAILABLE : INTERNAL;
    }
  }

  /** An {@code ExportTraceServiceResponse}; empty if no span was rejected. */
  public static byte[] response(Outcome.Accepted accepted) {
    if (accepted.rejectedSpans() == 0) {
      return new byte[0];
    }
    return ExportTraceServiceResponse.newBuilder()
        .setPartialSuccess(
            ExportTracePartialSuccess.newBuilder()
                .setRejectedSpans(accepted.rejectedSpans())
                .setErrorMessage(accepted.message()))
        .build()
        .toByteArray();
  }

  /** A {@code google.rpc.Status}; with {@code RetryInfo} if the request may be sent again. */
  public static byte[] status(Outcome.Refusal refusal) {
    return refusal instanceof Outcome.Unavailable unavailable
        ? status(Code.UNAVAILABLE, refusal.message(), anyRetryInfo(unavailable.retryAfter()))
        : status(Code.of(refusal), refusal.message());
  }

  /** A {@code google.rpc.Status}. */
  public static byte[] status(Code code, String message) {
    return status(code, message, new byte[0]);
  }

  private static byte[] status(Code code, String message, byte[] detail) {
    return encode(
        out -> {
          out.writeInt32(1, code.number());
          out.writeByteArray(2, message.getBytes(StandardCharsets.UTF_8));
          if (detail.length > 0) {
            out.writeByteArray(3, detail);
          }
        });
  }

  /** A {@code google.protobuf.Any} of a {@code RetryInfo}, whose field 1 is a Duration. */
  private static byte[] anyRetryInfo(Duration retryAfter) {
    byte[] duration = encode(out -> out.writeInt64(1, retryAfter.toSeconds()));
    byte[] retryInfo = encode(out -> out.writeByteArray(1, duration));
    return encode(
        out -> {
          out.writeString(1, RETRY_INFO);
          out.writeByteArray(2, retryInfo);
        });
  }

  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private static byte[] encode(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      fields.writeTo(out);
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no I/O in memory
    }
  }
}
