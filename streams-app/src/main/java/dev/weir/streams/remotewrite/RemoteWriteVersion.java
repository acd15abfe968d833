package dev.weir.streams.remotewrite;

import dev.weir.schemas.remotewrite.v2.Request;
import java.util.Arrays;
import java.util.Optional;

/** The protocol that a target speaks. */
public enum RemoteWriteVersion {
  V1("prometheus.WriteRequest", "application/x-protobuf", "0.1.0") {
    @Override
    byte[] encode(Request request) {
      return Transcoder.toV1(request).toByteArray();
    }
  },
  /** The content type has no space: receivers read one with a space as 1.0 and store nothing. */
  V2(
      "io.prometheus.write.v2.Request",
      "application/x-protobuf;proto=io.prometheus.write.v2.Request",
      "2.0.0") {
    @Override
    byte[] encode(Request request) {
      return request.toByteArray();
    }
  };

  private final String protobufMessage;
  private final String contentType;
  private final String header;

  RemoteWriteVersion(String protobufMessage, String contentType, String header) {
    this.protobufMessage = protobufMessage;
    this.contentType = contentType;
    this.header = header;
  }

  /** The version that Prometheus's setting {@code protobuf_message} names. */
  static Optional<RemoteWriteVersion> ofProtobufMessage(String name) {
    return Arrays.stream(values())
        .filter(version -> version.protobufMessage.equals(name))
        .findFirst();
  }

  /** The message's full name, as in Prometheus's setting {@code protobuf_message}. */
  public String protobufMessage() {
    return protobufMessage;
  }

  /** Value of {@code Content-Type}. */
  String contentType() {
    return contentType;
  }

  /** Value of {@code X-Prometheus-Remote-Write-Version}. */
  String header() {
    return header;
  }

  /** The bytes before compression. */
  abstract byte[] encode(Request request);
}
