package dev.weir.ingester.api;

import dev.weir.app.topics.TopicSettings;
import dev.weir.ingester.querier.Sources;
import dev.weir.ingester.tenant.TenantId;
import dev.weir.ingester.trace.TraceId;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import java.util.Optional;

/**
 * A query for a trace, as the request asks for it. {@code start} and {@code end} (Unix seconds) are
 * checked but restrict nothing: they only spare a server work, and segments know the times of
 * records, not of spans.
 *
 * @param tenant whose trace
 * @param id of the trace
 * @param sources where to look
 */
record TraceRequest(TenantId tenant, TraceId id, Sources sources) {
  static final String PROTOBUF = "application/protobuf";

  private static final String TENANT_HEADER = "X-Scope-OrgID";
  private static final TenantId SINGLE_TENANT = new TenantId(TopicSettings.SINGLE_TENANT);

  static TraceRequest parse(HttpRequest<?> request, String id, boolean multitenancy)
      throws RefusedException {
    TenantId tenant = multitenancy ? tenant(request) : SINGLE_TENANT;
    TraceId traceId = traceId(id);
    checkTimes(request);
    return new TraceRequest(tenant, traceId, sources(request));
  }

  static boolean wantsProtobuf(HttpRequest<?> request) {
    String accept = request.getHeaders().get(HttpHeaders.ACCEPT);
    return accept != null && accept.contains(PROTOBUF);
  }

  private static TenantId tenant(HttpRequest<?> request) throws RefusedException {
    String header = request.getHeaders().get(TENANT_HEADER);
    if (header == null || header.isEmpty()) {
      throw new RefusedException(HttpStatus.UNAUTHORIZED, "no org id");
    }
    int metadata = header.indexOf(':');
    String tenant = metadata < 0 ? header : header.substring(0, metadata);
    return TenantId.parse(tenant)
        .orElseThrow(
            () ->
                RefusedException.badRequest(
                    TENANT_HEADER + " '" + header + "' names no tenant: it " + TenantId.RULE));
  }

  private static TraceId traceId(String id) throws RefusedException {
    return TraceId.parse(id)
        .orElseThrow(
            () ->
                RefusedException.badRequest(
                    "trace id '" + id + "' must be 1 to 32 hexadecimal digits"));
  }

  private static void checkTimes(HttpRequest<?> request) throws RefusedException {
    Optional<Long> start = seconds(request, "start");
    Optional<Long> end = seconds(request, "end");
    if (start.isPresent() && end.isPresent() && end.get() <= start.get()) {
      throw RefusedException.badRequest(
          "end=%d must be later than start=%d".formatted(end.get(), start.get()));
    }
  }

  private static Optional<Long> seconds(HttpRequest<?> request, String name)
      throws RefusedException {
    String text = request.getParameters().get(name);
    if (text == null || text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw RefusedException.badRequest(name + "='" + text + "' must be a whole number of seconds");
    }
  }

  private static Sources sources(HttpRequest<?> request) throws RefusedException {
    String mode = request.getParameters().get("mode", String.class, "all");
    return switch (mode) {
      case "", "all" -> Sources.ALL;
      case "ingesters" -> Sources.LIVE_TRACES;
      case "blocks" -> Sources.SEGMENTS;
      default ->
          throw RefusedException.badRequest("mode='" + mode + "' must be all, ingesters or blocks");
    };
  }
}
