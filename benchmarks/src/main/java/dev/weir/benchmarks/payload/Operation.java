package dev.weir.benchmarks.payload;

import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.util.List;

/**
 * What a service does again and again.
 *
 * @param number counts over all services, from 0
 * @param attributes those that are the same on each of its spans
 */
record Operation(int number, String name, SpanKind kind, List<KeyValue> attributes) {
  Operation {
    attributes = List.copyOf(attributes);
  }

  static Operation of(int service, int index, int perService) {
    SpanKind kind = kind(index);
    String route = "/api/v1/" + NOUNS.get(index % NOUNS.size()) + "/{id}";
    String method = index % 3 == 0 ? "POST" : "GET";
    return new Operation(
        service * perService + index,
        method + " " + route + "/" + index,
        kind,
        List.of(
            SpanMaker.attribute("http.request.method", method),
            SpanMaker.attribute("http.route", route),
            SpanMaker.attribute("url.scheme", "https"),
            SpanMaker.number("http.response.status_code", 200),
            SpanMaker.attribute("network.protocol.version", "1.1"),
            SpanMaker.attribute("user_agent.original", "okhttp/4.12.0 (linux; jvm 17)"),
            kind == SpanKind.SPAN_KIND_CLIENT
                ? SpanMaker.attribute("peer.service", "shop-service-" + (index * 7 + service) % 20)
                : SpanMaker.attribute("server.address", "shop-service-" + service)));
  }

  static Operation ofDatabase(int number, String name) {
    return new Operation(
        number,
        "SELECT " + name,
        SpanKind.SPAN_KIND_CLIENT,
        List.of(
            SpanMaker.attribute("db.system.name", "postgresql"),
            SpanMaker.attribute("db.namespace", name),
            SpanMaker.attribute("db.operation.name", "SELECT"),
            SpanMaker.attribute("db.query.text", "SELECT * FROM orders WHERE id = ?"),
            SpanMaker.attribute("server.address", "postgres-" + number % 4),
            SpanMaker.number("server.port", 5432),
            SpanMaker.attribute("network.protocol.version", "1.1")));
  }

  private static final List<String> NOUNS =
      List.of("orders", "customers", "invoices", "products", "carts", "payments");

  /** Half are called from outside, a third call others, the rest works within. */
  private static SpanKind kind(int index) {
    if (index < 12) {
      return SpanKind.SPAN_KIND_SERVER;
    }
    return index < 20 ? SpanKind.SPAN_KIND_CLIENT : SpanKind.SPAN_KIND_INTERNAL;
  }
}
