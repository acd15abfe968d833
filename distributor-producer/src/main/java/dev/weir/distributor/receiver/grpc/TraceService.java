package dev.weir.distributor.receiver.grpc;

import dev.weir.distributor.distribution.Distributor;
import dev.weir.distributor.distribution.ExportRequest;
import dev.weir.distributor.distribution.Outcome;
import dev.weir.distributor.distribution.Transport;
import dev.weir.distributor.receiver.OtlpAnswer;
import dev.weir.distributor.validation.TenantRule;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/** {@code opentelemetry.proto.collector.trace.v1.TraceService}, on bytes. */
final class TraceService {
  private static final String NAME = "opentelemetry.proto.collector.trace.v1.TraceService";
  private static final Metadata.Key<String> TENANT =
      Metadata.Key.of(TenantRule.HEADER, Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<byte[]> STATUS_DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private final Distributor distributor;
  private final MethodDescriptor<GrpcMessage, byte[]> method;

  /**
   * @param maxRequestBytes largest decoded request, for the message if it is exceeded
   */
  TraceService(Distributor distributor, int maxRequestBytes) {
    this.distributor = distributor;
    this.method =
        MethodDescriptor.<GrpcMessage, byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, "Export"))
            .setRequestMarshaller(new GrpcMessage.Requests(maxRequestBytes))
            .setResponseMarshaller(new GrpcMessage.Responses())
            .build();
  }

  ServerServiceDefinition definition() {
    ServerCallHandler<GrpcMessage, byte[]> handler =
        (call, headers) -> {
          List<String> tenant = tenantHeader(headers);
          return ServerCalls.<GrpcMessage, byte[]>asyncUnaryCall(
                  (message, observer) -> export(tenant, message, observer))
              .startCall(call, headers);
        };
    return ServerServiceDefinition.builder(NAME).addMethod(method, handler).build();
  }

  private void export(List<String> tenant, GrpcMessage message, StreamObserver<byte[]> observer) {
    ExportRequest request =
        new ExportRequest(Transport.GRPC, tenant, message.bytes().length, message::decode);
    distributor.distribute(request).thenAccept(outcome -> answer(outcome, observer));
  }

  private static void answer(Outcome outcome, StreamObserver<byte[]> observer) {
    if (outcome instanceof Outcome.Refusal refusal) {
      Metadata trailers = new Metadata();
      trailers.put(STATUS_DETAILS, OtlpAnswer.status(refusal));
      observer.onError(status(refusal).asRuntimeException(trailers));
    } else {
      observer.onNext(OtlpAnswer.response((Outcome.Accepted) outcome));
      observer.onCompleted();
    }
  }

  private static Status status(Outcome.Refusal refusal) {
    return Status.fromCodeValue(OtlpAnswer.Code.of(refusal).number())
        .withDescription(refusal.message());
  }

  private static List<String> tenantHeader(Metadata headers) {
    Iterable<String> values = headers.getAll(TENANT);
    List<String> list = new ArrayList<>();
    if (values != null) {
      values.forEach(list::add);
    }
    return list;
  }
}
