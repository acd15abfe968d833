package dev.weir.distributor.receiver.grpc;

import dev.weir.distributor.distribution.Outcome;
import dev.weir.distributor.distribution.RefusedException;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A request as gRPC hands it over: its bytes, so that none is parsed twice, or why it has none.
 * gRPC would answer UNKNOWN to whatever is thrown while it decodes.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record GrpcMessage(byte[] bytes, Outcome.@Nullable Refusal refusal) {

  byte[] decode() throws RefusedException {
    if (refusal != null) {
      throw new RefusedException(refusal);
    }
    return bytes;
  }

  /** Reads requests; the stream is decompressed and bounded by the largest message allowed. */
  static final class Requests implements MethodDescriptor.Marshaller<GrpcMessage> {
    private final int maxBytes;

    Requests(int maxBytes) {
      this.maxBytes = maxBytes;
    }

    @Override
    public GrpcMessage parse(InputStream stream) {
      try {
        return new GrpcMessage(stream.readAllBytes(), null);
      } catch (IOException e) {
        return refused(new Outcome.Invalid("the message cannot be decoded: " + e.getMessage()));
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() != Status.Code.RESOURCE_EXHAUSTED) {
          throw e;
        }
        return refused(
            new Outcome.TooLarge(
                "the request has more than %d bytes (otlp.max.request.size)".formatted(maxBytes)));
      }
    }

    @Override
    public InputStream stream(GrpcMessage message) {
      return new ByteArrayInputStream(message.bytes());
    }

    private static GrpcMessage refused(Outcome.Refusal refusal) {
      return new GrpcMessage(new byte[0], refusal);
    }
  }

  /** Writes responses. */
  static final class Responses implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] response) {
      return new ByteArrayInputStream(response);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
