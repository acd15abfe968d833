package dev.weir.distributor.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.endpoints.PortTakenException;
import dev.weir.kafka.EmbeddedKafka;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients get over gRPC, above all for what is wrong. */
class OtlpGrpcIT {
  private static final int MAX_REQUEST = 100_000;
  private static final MethodDescriptor<byte[], byte[]> EXPORT =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("opentelemetry.proto.collector.trace.v1.TraceService/Export")
          .setRequestMarshaller(new Bytes())
          .setResponseMarshaller(new Bytes())
          .build();

  private static EmbeddedKafka kafka;
  private static RunningDistributor distributor;
  private static ManagedChannel channel;

  @BeforeAll
  static void start(@TempDir Path directory) {
    kafka = EmbeddedKafka.start(directory, 0);
    distributor =
        RunningDistributor.startReady(
            kafka.bootstrapServers(),
            "--multitenancy-enabled=true",
            "--otlp-max-request-size=" + MAX_REQUEST);
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", distributor.app.grpcPort())
            .usePlaintext()
            .build();
  }

  @AfterAll
  static void stop() {
    channel.shutdownNow();
    distributor.close();
    kafka.close();
  }

  @Test
  void shouldTellWhichSpansAreRejected() throws Exception {
    ExportTraceServiceResponse answer =
        ExportTraceServiceResponse.parseFrom(export(SomeRequest.withBadSpanAfter(2)));
    assertThat(answer.getPartialSuccess().getRejectedSpans()).isEqualTo(1);
    assertThat(answer.getPartialSuccess().getErrorMessage()).contains("spans[2]: span id has 0");
    assertThat(
            distributor.count(
                "weir.distributor.spans.discarded", "tenant", "shop", "reason", "invalid_span_id"))
        .isPositive();
  }

  @Test
  void shouldAcceptARequestWithoutSpansWhoeverSendsIt() {
    assertThat(call(new byte[0], CallOptions.DEFAULT, new Metadata())).isEmpty();
  }

  @Test
  void shouldRefuseARequestWithoutAGoodSpan() {
    assertRefused(
        SomeRequest.withBadSpanAfter(0), Status.Code.INVALID_ARGUMENT, "1 of 1 spans rejected");
  }

  @Test
  void shouldNameTheFaultOfABrokenBody() {
    assertRefused(
        new byte[] {0x0A, 0x05, 0x12},
        Status.Code.INVALID_ARGUMENT,
        "length 5 exceeds the 1 bytes that are left at byte 1");
  }

  @Test
  void shouldRefuseABodyThatIsTooLarge() {
    assertRefused(SomeRequest.withSpanOf(MAX_REQUEST), Status.Code.RESOURCE_EXHAUSTED, "100000");
  }

  @Test
  void shouldNotExpandAGzipBomb() {
    assertThatThrownBy(
            () ->
                call(
                    new byte[32 << 20],
                    CallOptions.DEFAULT.withCompression("gzip"),
                    tenant("shop")))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED))
        .hasMessageContaining("100000");
  }

  @Test
  void shouldRefuseARequestWithoutTenant() {
    assertThatThrownBy(() -> call(SomeRequest.withSpans(1), CallOptions.DEFAULT, new Metadata()))
        .hasMessage("UNAUTHENTICATED: no tenant: the header X-Scope-OrgID is missing");
  }

  @Test
  void shouldRefuseAMalformedTenant() {
    assertThatThrownBy(() -> call(SomeRequest.withSpans(1), CallOptions.DEFAULT, tenant("a b")))
        .hasMessageStartingWith("INVALID_ARGUMENT: the tenant id 'a b' in X-Scope-OrgID may only");
  }

  @Test
  void shouldNameTheSettingOfATakenPort() {
    int port = distributor.app.grpcPort();
    assertThatThrownBy(
            () -> RunningDistributor.start(kafka.bootstrapServers(), "--otlp-grpc-port=" + port))
        .isInstanceOf(PortTakenException.class)
        .hasMessageStartingWith("otlp.grpc.port=" + port + ": the port is taken");
  }

  private static void assertRefused(byte[] body, Status.Code code, String message) {
    assertThatThrownBy(() -> export(body))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> assertThat(e.getStatus().getCode()).isEqualTo(code))
        .hasMessageContaining(message);
  }

  private static byte[] export(byte[] body) {
    return call(body, CallOptions.DEFAULT, tenant("shop"));
  }

  private static byte[] call(byte[] body, CallOptions options, Metadata headers) {
    return ClientCalls.blockingUnaryCall(
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
        EXPORT,
        options,
        body);
  }

  private static Metadata tenant(String tenant) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("x-scope-orgid", Metadata.ASCII_STRING_MARSHALLER), tenant);
    return headers;
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
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
