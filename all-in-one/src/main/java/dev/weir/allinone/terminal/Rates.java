package dev.weir.allinone.terminal;

import dev.weir.allinone.receiver.Labels;
import dev.weir.allinone.receiver.Point;
import dev.weir.allinone.receiver.Series;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes rows of the tables from the latest samples of the series. */
final class Rates {
  private static final long HORIZON_MILLIS = 30_000;

  private final Map<OperationKey, Numbers> operations = new HashMap<>();
  private final Map<EdgeKey, Numbers> edges = new HashMap<>();

  private Rates() {}

  static Rates of(Collection<Series> all) {
    Rates rates = new Rates();
    all.stream().filter(series -> !series.ended()).forEach(rates::add);
    return rates;
  }

  /** Operations, busiest first. */
  List<OperationRow> operations() {
    return operations.entrySet().stream()
        .map(entry -> entry.getKey().row(entry.getValue()))
        .filter(row -> row.callsPerSecond() > 0)
        .sorted(
            Comparator.comparingDouble(OperationRow::callsPerSecond)
                .reversed()
                .thenComparing(OperationRow::service)
                .thenComparing(OperationRow::operation)
                .thenComparing(OperationRow::kind))
        .toList();
  }

  /** Edges, busiest first. */
  List<EdgeRow> edges() {
    return edges.entrySet().stream()
        .map(entry -> entry.getKey().row(entry.getValue()))
        .filter(row -> row.requestsPerSecond() > 0)
        .sorted(
            Comparator.comparingDouble(EdgeRow::requestsPerSecond)
                .reversed()
                .thenComparing(EdgeRow::client)
                .thenComparing(EdgeRow::server)
                .thenComparing(EdgeRow::type))
        .toList();
  }

  private void add(Series series) {
    Labels labels = series.labels();
    double perSecond = perSecond(series);
    switch (labels.metric()) {
      case "traces_spanmetrics_calls_total" -> addCalls(labels, perSecond);
      case "traces_spanmetrics_latency_bucket" ->
          numbers(OperationKey.of(labels)).latency.add(labels.value("le"), perSecond);
      case "traces_service_graph_request_total" -> numbers(EdgeKey.of(labels)).all += perSecond;
      case "traces_service_graph_request_failed_total" ->
          numbers(EdgeKey.of(labels)).failed += perSecond;
      case "traces_service_graph_request_client_seconds_bucket" ->
          numbers(EdgeKey.of(labels)).latency.add(labels.value("le"), perSecond);
      case "traces_service_graph_request_server_seconds_bucket" ->
          numbers(EdgeKey.of(labels)).serverLatency.add(labels.value("le"), perSecond);
      default -> {}
    }
  }

  private void addCalls(Labels labels, double perSecond) {
    Numbers numbers = numbers(OperationKey.of(labels));
    numbers.all += perSecond;
    if (labels.value("status_code").equals("STATUS_CODE_ERROR")) {
      numbers.failed += perSecond;
    }
  }

  private Numbers numbers(OperationKey key) {
    return operations.computeIfAbsent(key, missing -> new Numbers());
  }

  private Numbers numbers(EdgeKey key) {
    return edges.computeIfAbsent(key, missing -> new Numbers());
  }

  /** Increase per second over the horizon; 0 as long as there is one sample only. */
  private static double perSecond(Series series) {
    Point last = series.points().get(series.points().size() - 1);
    Point first =
        series.points().stream()
            .filter(point -> point.timestampMillis() >= last.timestampMillis() - HORIZON_MILLIS)
            .findFirst()
            .orElse(last);
    long millis = last.timestampMillis() - first.timestampMillis();
    return millis == 0 ? 0 : Math.max(0, last.value() - first.value()) * 1000 / millis;
  }

  private record OperationKey(String service, String operation, String kind) {
    static OperationKey of(Labels labels) {
      return new OperationKey(
          labels.value("service"),
          labels.value("span_name"),
          labels.value("span_kind").replace("SPAN_KIND_", "").toLowerCase(java.util.Locale.ROOT));
    }

    OperationRow row(Numbers numbers) {
      return new OperationRow(
          service,
          operation,
          kind,
          numbers.all,
          numbers.errorShare(),
          numbers.latency.quantile(0.5),
          numbers.latency.quantile(0.95));
    }
  }

  private record EdgeKey(String client, String server, String type) {
    static EdgeKey of(Labels labels) {
      return new EdgeKey(
          labels.value("client"), labels.value("server"), labels.value("connection_type"));
    }

    EdgeRow row(Numbers numbers) {
      // nobody measures on the side of a virtual client
      Buckets seen = client.equals("user") ? numbers.serverLatency : numbers.latency;
      return new EdgeRow(
          client, server, type, numbers.all, numbers.errorShare(), seen.quantile(0.95));
    }
  }

  private static final class Numbers {
    private final Buckets latency = new Buckets();
    private final Buckets serverLatency = new Buckets();
    private double all;
    private double failed;

    double errorShare() {
      return all == 0 ? 0 : failed / all;
    }
  }
}
