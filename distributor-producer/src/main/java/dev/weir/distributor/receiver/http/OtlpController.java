package dev.weir.distributor.receiver.http;

import dev.weir.distributor.distribution.Outcome;
import dev.weir.distributor.receiver.OtlpAnswer;
import dev.weir.distributor.validation.TenantRule;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Error;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.exceptions.ContentLengthExceededException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** {@code POST /v1/traces}. Every answer, refusals too, is protobuf. */
@Controller
@Requires(beans = OtlpHttp.class)
@Produces(OtlpController.PROTOBUF)
final class OtlpController {
  static final String PROTOBUF = "application/x-protobuf";

  private final OtlpHttp otlp;

  OtlpController(OtlpHttp otlp) {
    this.otlp = otlp;
  }

  @Post("/v1/traces")
  @Consumes(MediaType.ALL)
  CompletableFuture<MutableHttpResponse<byte[]>> export(HttpRequest<byte[]> request) {
    Optional<String> fault = faultOfMediaType(request);
    if (fault.isPresent()) {
      Outcome.Refusal refusal = otlp.refused(new Outcome.Invalid(fault.get()));
      return CompletableFuture.completedFuture(refusal(HttpStatus.UNSUPPORTED_MEDIA_TYPE, refusal));
    }
    return otlp.export(
            request.getHeaders().getAll(TenantRule.HEADER),
            encoding(request),
            request.getBody().orElse(new byte[0]))
        .thenApply(OtlpController::answer);
  }

  /** The framework has read no further than the limit. */
  @Error(exception = ContentLengthExceededException.class)
  MutableHttpResponse<byte[]> tooLarge() {
    return answer(otlp.refused(otlp.tooLarge()));
  }

  @Error(status = HttpStatus.METHOD_NOT_ALLOWED, global = true)
  MutableHttpResponse<byte[]> methodNotAllowed(HttpRequest<?> request) {
    Outcome.Refusal refusal =
        otlp.refused(
            new Outcome.Invalid(
                "the method %s is not allowed, send spans with POST"
                    .formatted(request.getMethodName())));
    return refusal(HttpStatus.METHOD_NOT_ALLOWED, refusal).header(HttpHeaders.ALLOW, "POST");
  }

  private static Optional<String> faultOfMediaType(HttpRequest<?> request) {
    String type = request.getContentType().map(MediaType::getName).orElse("");
    if (!type.equalsIgnoreCase(PROTOBUF)) {
      return Optional.of(
          "the content type '%s' is not supported, send %s%s"
              .formatted(
                  type, PROTOBUF, type.endsWith("json") ? "; JSON is not accepted yet" : ""));
    }
    return OtlpHttp.isKnownEncoding(encoding(request))
        ? Optional.empty()
        : Optional.of(
            "the content encoding '%s' is not supported, send gzip or none"
                .formatted(encoding(request)));
  }

  private static String encoding(HttpRequest<?> request) {
    return request.getHeaders().findFirst(HttpHeaders.CONTENT_ENCODING).orElse("").strip();
  }

  private static MutableHttpResponse<byte[]> answer(Outcome outcome) {
    return outcome instanceof Outcome.Refusal refusal
        ? refusal(status(refusal), refusal)
        : HttpResponse.ok(OtlpAnswer.response((Outcome.Accepted) outcome));
  }

  private static HttpStatus status(Outcome.Refusal refusal) {
    return switch (OtlpAnswer.Code.of(refusal)) {
      case INVALID_ARGUMENT -> HttpStatus.BAD_REQUEST;
      case RESOURCE_EXHAUSTED -> HttpStatus.REQUEST_ENTITY_TOO_LARGE;
      case UNAUTHENTICATED -> HttpStatus.UNAUTHORIZED;
      case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
      case INTERNAL -> HttpStatus.INTERNAL_SERVER_ERROR;
    };
  }

  private static MutableHttpResponse<byte[]> refusal(HttpStatus status, Outcome.Refusal refusal) {
    MutableHttpResponse<byte[]> response =
        HttpResponse.<byte[]>status(status).contentType(PROTOBUF).body(OtlpAnswer.status(refusal));
    if (refusal instanceof Outcome.Unavailable unavailable) {
      response.header(HttpHeaders.RETRY_AFTER, Long.toString(unavailable.retryAfter().toSeconds()));
    }
    return response;
  }
}
