package dev.weir.allinone;

import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What every counter should be, computed from the log the plain way: each record parsed by
 * protobuf-java, each span added to a map, the two sides of a call brought together in another map.
 * Knows just what {@link TestTraffic} sends: no other attributes, no virtual nodes.
 */
final class LogRecount {
  private static final List<String> LATENCY =
      List.of(
          "0.002", "0.004", "0.008", "0.016", "0.032", "0.064", "0.128", "0.256", "0.512", "1.024",
          "2.048", "4.096", "8.192", "16.384");
  private static final List<String> EDGE_LATENCY =
      List.of("0.1", "0.2", "0.4", "0.8", "1.6", "3.2", "6.4", "12.8");
  private static final String EDGES = "traces_service_graph_request";

  private final long waitMillis;
  private final Map<String, Long> counts = new HashMap<>();
  private final Map<String, Long> nanos = new HashMap<>();
  private final Map<String, Integer> spanIds = new HashMap<>();
  private final Map<Integer, Partition> partitions = new HashMap<>();

  /** By identity, as one that is repeated equals the first. */
  private final Set<Side> inEdges = Collections.newSetFromMap(new IdentityHashMap<>());

  private long sides;

  private LogRecount(Duration wait) {
    this.waitMillis = wait.toMillis();
  }

  /**
   * Reads the whole log.
   *
   * @param wait how long one side of a call waits for the other, in the time of records
   */
  static LogRecount of(Map<String, Object> client, String topic, Duration wait) throws Exception {
    LogRecount recount = new LogRecount(wait);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          recount.count(record);
        }
      }
    }
    return recount;
  }

  /**
   * Where counters are not what the log says, by series.
   *
   * @param counters value of each series, by its name and labels as {@link #series} writes them
   */
  Map<String, String> differences(Map<String, Double> counters) {
    Map<String, String> differences = new TreeMap<>();
    Map<String, Double> expected = series();
    Stream.of(expected, counters)
        .flatMap(each -> each.keySet().stream())
        .filter(name -> !Objects.equals(expected.get(name), counters.get(name)))
        .forEach(
            name ->
                differences.put(
                    name, "%s, not %s".formatted(counters.get(name), expected.get(name))));
    return differences;
  }

  private Map<String, Double> series() {
    Map<String, Double> series = new HashMap<>();
    counts.forEach((name, count) -> series.put(name, (double) count));
    nanos.forEach((name, sum) -> series.put(name, sum / 1e9));
    return series;
  }

  /** How a series is written; {@code __name__} is among the labels. */
  static String series(Map<String, String> labels) {
    return new TreeMap<>(labels).toString();
  }

  /** Sides of calls that are in no edge: those that met no other in time, and repetitions. */
  long alone() {
    return sides - inEdges.size();
  }

  /** Trace and span id of every span. */
  Set<String> spanIds() {
    return spanIds.keySet();
  }

  /** How many of them are there more than once. */
  long repeated() {
    return spanIds.values().stream().filter(times -> times > 1).count();
  }

  private void count(ConsumerRecord<byte[], byte[]> record) throws Exception {
    Partition partition = partitions.computeIfAbsent(record.partition(), key -> new Partition());
    partition.nowMillis = Math.max(partition.nowMillis, record.timestamp());
    for (ResourceSpans spans : TracesData.parseFrom(record.value()).getResourceSpansList()) {
      String service = text(spans.getResource().getAttributesList(), "service.name");
      spans.getScopeSpansList().stream()
          .flatMap(scope -> scope.getSpansList().stream())
          .forEach(span -> count(new Side(service, span), partition));
    }
  }

  private void count(Side side, Partition partition) {
    Span span = side.span();
    spanIds.merge(id(span), 1, Integer::sum);
    Map<String, String> labels =
        Map.of(
            "service", side.service(),
            "span_name", span.getName(),
            "span_kind", span.getKind().name(),
            "status_code", span.getStatus().getCode().name());
    add("traces_spanmetrics_calls_total", labels, 1);
    add("traces_spanmetrics_size_total", labels, span.getSerializedSize());
    observe("traces_spanmetrics_latency", labels, side.nanos(), LATENCY);
    sides++;
    partition.meet(side);
  }

  private void edge(Side client, Side server) {
    edge(client, server, Map.of("client", client.service(), "server", server.service()));
  }

  private void database(Side client, String name) {
    edge(
        client,
        client,
        Map.of("client", client.service(), "server", name, "connection_type", "database"));
  }

  private void edge(Side client, Side server, Map<String, String> labels) {
    inEdges.add(client);
    inEdges.add(server);
    add(EDGES + "_total", labels, 1);
    if (client.hasFailed() || server.hasFailed()) {
      add(EDGES + "_failed_total", labels, 1);
    }
    observe(EDGES + "_client_seconds", labels, client.nanos(), EDGE_LATENCY);
    observe(EDGES + "_server_seconds", labels, server.nanos(), EDGE_LATENCY);
  }

  private void observe(String name, Map<String, String> labels, long value, List<String> bounds) {
    add(name + "_count", labels, 1);
    nanos.merge(series(with(labels, "__name__", name + "_sum")), value, Long::sum);
    for (String bound : bounds) {
      add(
          name + "_bucket",
          with(labels, "le", bound),
          value / 1e9 <= Double.parseDouble(bound) ? 1 : 0);
    }
    add(name + "_bucket", with(labels, "le", "+Inf"), 1);
  }

  private void add(String name, Map<String, String> labels, long amount) {
    counts.merge(series(with(labels, "__name__", name)), amount, Long::sum);
  }

  private static Map<String, String> with(Map<String, String> labels, String name, String value) {
    Map<String, String> more = new HashMap<>(labels);
    more.put(name, value);
    return more;
  }

  private static String text(List<KeyValue> attributes, String key) {
    return attributes.stream()
        .filter(attribute -> attribute.getKey().equals(key))
        .map(attribute -> attribute.getValue().getStringValue())
        .findFirst()
        .orElse("");
  }

  private static String id(Span span) {
    return hex(span.getTraceId()) + "/" + hex(span.getSpanId());
  }

  private static String hex(com.google.protobuf.ByteString bytes) {
    return java.util.HexFormat.of().formatHex(bytes.toByteArray());
  }

  /** A span and who says it. */
  private record Side(String service, Span span) {
    boolean hasFailed() {
      return span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR;
    }

    long nanos() {
      return span.getEndTimeUnixNano() - span.getStartTimeUnixNano();
    }

    boolean isClient() {
      return span.getKind() == Span.SpanKind.SPAN_KIND_CLIENT;
    }

    String call() {
      return hex(span.getTraceId())
          + "/"
          + hex(isClient() ? span.getSpanId() : span.getParentSpanId());
    }
  }

  /**
   * The sides of calls that wait in a partition, by {@link Side#call}. A client waits until its
   * time is over, also when it has met servers, of which there may be several; another one with its
   * call is a repetition. Nothing calls itself a database here, so calls to one meet nobody.
   */
  private final class Partition {
    private final Map<String, Waiting> clients = new HashMap<>();
    private final Map<String, List<Waiting>> servers = new HashMap<>();
    private long nowMillis;

    private record Waiting(Side side, long untilMillis) {}

    void meet(Side side) {
      Waiting client = clients.get(side.call());
      boolean isClientThere = client != null && isThere(client);
      if (side.isClient()) {
        if (!isClientThere) {
          meetServers(side);
        }
      } else if (isClientThere) {
        edge(client.side(), side);
      } else {
        servers.computeIfAbsent(side.call(), call -> new ArrayList<>()).add(waiting(side));
      }
    }

    private void meetServers(Side client) {
      List<Waiting> waiting = servers.remove(client.call());
      if (waiting != null) {
        waiting.stream().filter(this::isThere).forEach(server -> edge(client, server.side()));
      }
      String database = text(client.span().getAttributesList(), "db.namespace");
      if (!database.isEmpty()) {
        database(client, database);
      }
      clients.put(client.call(), waiting(client));
    }

    private Waiting waiting(Side side) {
      return new Waiting(side, nowMillis + waitMillis);
    }

    private boolean isThere(Waiting waiting) {
      return waiting.untilMillis() > nowMillis;
    }
  }
}
