package dev.weir.allinone.demo;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.weir.allinone.receiver.Labels;
import dev.weir.allinone.receiver.ReceivedSample;
import dev.weir.allinone.receiver.SeriesStore;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Counts spans in the plainest way, in memory, on the clock, from what comes in over OTLP: the
 * rules of span metrics and service graph written down once more, for the demo to be held against.
 */
final class ReferencePipeline implements Pipeline, AutoCloseable {
  private static final Duration WINDOW = Duration.ofMillis(200);
  private static final Duration GRAPH_WAIT = Duration.ofMillis(2500);
  private static final List<String> DATABASE_NAMES =
      List.of("db.namespace", "db.name", "db.system", "db.system.name");

  private final SeriesStore store = new SeriesStore();
  private final Map<Labels, Long> counters = new HashMap<>();
  private final Map<Labels, Long> latest = new HashMap<>();
  private final Map<String, Half> halves = new HashMap<>();
  private final Server server;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final int countFirst;
  private boolean takesNothing;
  private boolean hasHistory;
  private long completeThrough;

  /**
   * @param countFirst how often the very first span is counted
   */
  @SuppressWarnings("FutureReturnValueIgnored") // stops with the thread
  ReferencePipeline(int countFirst) throws IOException {
    this.countFirst = countFirst;
    this.server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(traceService())
            .build()
            .start();
    thread.scheduleAtFixedRate(this::closeWindow, 0, WINDOW.toMillis(), TimeUnit.MILLISECONDS);
  }

  synchronized void takeNothing() {
    takesNothing = true;
  }

  void becomeHistory() {
    hasHistory = true;
  }

  private ServerServiceDefinition traceService() {
    MethodDescriptor<ExportTraceServiceRequest, ExportTraceServiceResponse> export =
        MethodDescriptor.<ExportTraceServiceRequest, ExportTraceServiceResponse>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("opentelemetry.proto.collector.trace.v1.TraceService/Export")
            .setRequestMarshaller(marshaller(ExportTraceServiceRequest.parser()))
            .setResponseMarshaller(marshaller(ExportTraceServiceResponse.parser()))
            .build();
    return ServerServiceDefinition.builder("opentelemetry.proto.collector.trace.v1.TraceService")
        .addMethod(export, ServerCalls.asyncUnaryCall(this::export))
        .build();
  }

  private static <T extends MessageLite> MethodDescriptor.Marshaller<T> marshaller(
      Parser<T> parser) {
    return new MethodDescriptor.Marshaller<>() {
      @Override
      public InputStream stream(T message) {
        return message.toByteString().newInput();
      }

      @Override
      public T parse(InputStream stream) {
        try {
          return parser.parseFrom(stream);
        } catch (InvalidProtocolBufferException e) {
          throw new IllegalArgumentException(e);
        }
      }
    };
  }

  private synchronized void export(
      ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> answer) {
    if (takesNothing) {
      answer.onError(io.grpc.Status.UNAVAILABLE.asRuntimeException());
      return;
    }
    for (ResourceSpans resource : request.getResourceSpansList()) {
      String service = attributes(resource.getResource().getAttributesList()).get("service.name");
      resource
          .getScopeSpansList()
          .forEach(scope -> scope.getSpansList().forEach(span -> count(service, span)));
    }
    answer.onNext(ExportTraceServiceResponse.getDefaultInstance());
    answer.onCompleted();
  }

  private void count(String service, Span span) {
    Map<String, String> labels =
        Map.of(
            "service",
            service,
            "span_name",
            span.getName(),
            "span_kind",
            span.getKind().name(),
            "status_code",
            span.getStatus().getCode().name());
    int times = counters.isEmpty() ? countFirst : 1;
    add("traces_spanmetrics_calls_total", labels, times);
    add("traces_spanmetrics_latency_count", labels, times);
    add(
        "traces_spanmetrics_latency_sum",
        labels,
        times * (span.getEndTimeUnixNano() - span.getStartTimeUnixNano()));
    countEdge(service, span);
  }

  private void countEdge(String service, Span span) {
    boolean failed = span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR;
    Map<String, String> said = attributes(span.getAttributesList());
    switch (span.getKind()) {
      case SPAN_KIND_CLIENT, SPAN_KIND_PRODUCER -> {
        String database =
            DATABASE_NAMES.stream().filter(said::containsKey).map(said::get).findFirst().orElse("");
        if (database.isEmpty()) {
          pair(span, service, hex(span.getSpanId()), "", failed, said);
        } else {
          edge(service, databaseNode(said, database), "database", failed);
        }
      }
      case SPAN_KIND_SERVER, SPAN_KIND_CONSUMER -> {
        String parent = hex(span.getParentSpanId());
        String key = parent.isEmpty() ? "root" + hex(span.getSpanId()) : parent;
        pair(span, parent.isEmpty() ? "user" : "", key, service, failed, Map.of());
      }
      default -> {}
    }
  }

  private static String databaseNode(Map<String, String> said, String database) {
    if (said.containsKey("network.peer.address")) {
      return said.get("network.peer.address") + ":" + said.get("network.peer.port");
    }
    return said.getOrDefault("peer.service", said.getOrDefault("server.address", database));
  }

  private void pair(
      Span span,
      String client,
      String key,
      String server,
      boolean failed,
      Map<String, String> said) {
    String traceKey = hex(span.getTraceId()) + "/" + key;
    Half other = halves.remove(traceKey);
    boolean messaging = span.getKind().name().matches(".*(PRODUCER|CONSUMER)");
    if (other == null) {
      Half half =
          new Half(
              client,
              server.isEmpty() ? said.getOrDefault("peer.service", "") : server,
              failed,
              System.currentTimeMillis());
      halves.put(traceKey, half);
    } else {
      edge(
          other.client + client,
          other.server + server,
          messaging ? "messaging_system" : "",
          other.failed || failed);
    }
  }

  private synchronized void closeWindow() {
    long now = System.currentTimeMillis();
    for (Iterator<Half> waiting = halves.values().iterator(); waiting.hasNext(); ) {
      Half half = waiting.next();
      if (half.sinceMillis + GRAPH_WAIT.toMillis() <= now) {
        waiting.remove();
        if (!half.client.isEmpty() && !half.server.isEmpty()) {
          edge(half.client, half.server, "virtual_node", half.failed);
        }
      }
    }
    counters.forEach(
        (labels, units) -> {
          double value = labels.metric().endsWith("_sum") ? units / 1e9 : units;
          store.accept(List.of(new ReceivedSample(labels, value, now)));
          latest.put(labels, now);
        });
    completeThrough = now;
  }

  private void edge(String client, String server, String type, boolean failed) {
    Map<String, String> labels = new TreeMap<>(Map.of("client", client, "server", server));
    if (!type.isEmpty()) {
      labels.put("connection_type", type);
    }
    add("traces_service_graph_request_total", labels, 1);
    if (failed) {
      add("traces_service_graph_request_failed_total", labels, 1);
    }
  }

  private void add(String metric, Map<String, String> labels, long units) {
    Map<String, String> all = new HashMap<>(labels);
    all.put(Labels.METRIC, metric);
    counters.merge(new Labels(all), units, Long::sum);
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  private static Map<String, String> attributes(List<KeyValue> list) {
    Map<String, String> byKey = new HashMap<>();
    list.forEach(pair -> byKey.put(pair.getKey(), pair.getValue().getStringValue()));
    return byKey;
  }

  @Override
  public String otlpGrpcUrl() {
    return "http://127.0.0.1:" + server.getPort();
  }

  @Override
  public String httpUrl() {
    return "http://127.0.0.1:1";
  }

  @Override
  public synchronized OptionalLong completeThrough() {
    return OptionalLong.of(completeThrough);
  }

  @Override
  public SeriesStore received() {
    return store;
  }

  @Override
  public Outbox outbox() {
    return since -> {
      synchronized (this) {
        return Map.copyOf(latest);
      }
    };
  }

  @Override
  public Duration window() {
    return WINDOW;
  }

  @Override
  public Duration graphWait() {
    return GRAPH_WAIT;
  }

  @Override
  public boolean hasHistory() {
    return hasHistory;
  }

  @Override
  public Path logFile() {
    return Path.of("weir.log");
  }

  @Override
  public void close() {
    thread.shutdownNow();
    server.shutdownNow();
  }

  private record Half(String client, String server, boolean failed, long sinceMillis) {}
}
