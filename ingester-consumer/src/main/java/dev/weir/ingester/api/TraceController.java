package dev.weir.ingester.api;

import dev.weir.ingester.backend.BackendException;
import dev.weir.ingester.querier.TraceAnswer;
import dev.weir.ingester.telemetry.IngesterMetrics.QueryOutcome;
import io.micrometer.core.instrument.Timer;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trace by id, in both versions of Tempo's API. */
@Controller("/api")
@Requires(beans = TraceApi.class)
@ExecuteOn(TaskExecutors.BLOCKING)
final class TraceController {
  private static final Logger LOG = LoggerFactory.getLogger(TraceController.class);

  private final TraceApi api;

  TraceController(TraceApi api) {
    this.api = api;
  }

  /** A trace that is not found is a 404 without a body. */
  @Get("/traces/{id}")
  @Produces(MediaType.ALL)
  HttpResponse<?> v1(String id, HttpRequest<?> request) {
    return answer(
        id,
        request,
        answer ->
            answer.isFound()
                ? rendered(request, answer, TraceRendering::jsonV1, TraceRendering::protobufV1)
                : HttpResponse.notFound("").contentType(MediaType.TEXT_PLAIN_TYPE));
  }

  /** A trace that is not found is an empty trace. */
  @Get("/v2/traces/{id}")
  @Produces(MediaType.ALL)
  HttpResponse<?> v2(String id, HttpRequest<?> request) {
    return answer(
        id,
        request,
        answer -> rendered(request, answer, TraceRendering::jsonV2, TraceRendering::protobufV2));
  }

  private HttpResponse<?> answer(
      String id, HttpRequest<?> request, Function<TraceAnswer, HttpResponse<?>> rendering) {
    Timer.Sample sample = Timer.start();
    try {
      TraceRequest query = TraceRequest.parse(request, id, api.multitenancy());
      TraceAnswer answer = api.querier().find(query.tenant(), query.id(), query.sources());
      HttpResponse<?> response = rendering.apply(answer);
      api.metrics().traceQuery(outcome(answer));
      return response;
    } catch (RefusedException e) {
      api.metrics().traceQuery(QueryOutcome.REFUSED);
      return text(e.status(), e.reason());
    } catch (BackendException e) {
      api.metrics().traceQuery(QueryOutcome.FAILED);
      LOG.warn("a query for trace {} failed: {}", id, e.getMessage());
      return text(HttpStatus.INTERNAL_SERVER_ERROR, "traces cannot be read: " + e.getMessage());
    } finally {
      sample.stop(api.metrics().traceQueryDuration());
    }
  }

  private static QueryOutcome outcome(TraceAnswer answer) {
    if (answer.unreadable() > 0) {
      return QueryOutcome.PARTIAL;
    }
    return answer.isFound() ? QueryOutcome.FOUND : QueryOutcome.NOT_FOUND;
  }

  private static HttpResponse<?> rendered(
      HttpRequest<?> request,
      TraceAnswer answer,
      Function<TraceAnswer, String> json,
      Function<TraceAnswer, byte[]> protobuf) {
    return TraceRequest.wantsProtobuf(request)
        ? HttpResponse.ok(protobuf.apply(answer)).contentType(TraceRequest.PROTOBUF)
        : HttpResponse.ok(json.apply(answer)).contentType(MediaType.APPLICATION_JSON_TYPE);
  }

  private static MutableHttpResponse<String> text(HttpStatus status, String text) {
    return HttpResponse.<String>status(status).body(text).contentType(MediaType.TEXT_PLAIN_TYPE);
  }
}
