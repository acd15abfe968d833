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
            StandardPayload.attribute("http.request.method", method),
            StandardPayload.attribute("http.route", route),
            StandardPayload.attribute("url.scheme", "https"),
            StandardPayload.number("http.response.status_code", 200),
            StandardPayload.attribute("network.protocol.version", "1.1"),
            StandardPayload.attribute("user_agent.original", "okhttp/4.12.0 (linux; jvm 17)"),
            kind == SpanKind.SPAN_KIND_CLIENT
                ? StandardPayload.attribute(
                    "peer.service", "shop-service-" + (index * 7 + service) % 20)
                : StandardPayload.attribute("server.address", "shop-service-" + service)));
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
