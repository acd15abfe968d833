package dev.weir.streams.api;

import dev.weir.streams.overrides.UserOverrides;
import dev.weir.streams.overrides.UserOverrides.RefusedException;
import dev.weir.streams.overrides.UserOverrides.Stored;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Patch;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** User-configurable overrides, as Tempo's API has them. */
@Controller("/api/overrides")
@Requires(beans = OverridesApi.class)
@ExecuteOn(TaskExecutors.BLOCKING)
final class OverridesController {
  private static final Logger LOG = LoggerFactory.getLogger(OverridesController.class);
  private static final String TENANT_HEADER = "X-Scope-OrgID";
  private static final String SKIP_CHECK = "skip-conflicting-overrides-check";
  private static final Pattern TENANT = Pattern.compile("[a-zA-Z0-9!_.*'()-]{1,150}");

  /** What Go's strconv.ParseBool takes. */
  private static final Pattern TRUTH_VALUE =
      Pattern.compile("1|t|T|TRUE|true|True|0|f|F|FALSE|false|False");

  private final OverridesApi api;

  OverridesController(OverridesApi api) {
    this.api = api;
  }

  /** What a tenant's users say, or with {@code scope=merged} what will be in force. */
  @Get
  @Produces(MediaType.ALL)
  HttpResponse<?> get(HttpRequest<?> request) {
    String scope = request.getParameters().get("scope", String.class, "api");
    return switch (scope) {
      case "", "api" -> answer(request, user -> json(user.overrides().get(user.tenant())));
      case "merged" -> answer(request, user -> json(user.overrides().merged(user.tenant())));
      default ->
          text(
              HttpStatus.BAD_REQUEST,
              "unknown scope \"%s\", valid options are api and merged".formatted(scope));
    };
  }

  /** Replaces what is there. */
  @Post
  @Consumes(MediaType.ALL)
  @Produces(MediaType.ALL)
  HttpResponse<?> post(HttpRequest<?> request, @Body @Nullable String body) {
    return answer(
        request,
        user -> {
          checkSkipCheck(request);
          String version = ifMatch(request);
          String now =
              user.overrides().put(user.tenant(), Json.read(body == null ? "" : body), version);
          return HttpResponse.ok().header(HttpHeaders.ETAG, now);
        });
  }

  /** Merges into what is there. */
  @Patch
  @Consumes(MediaType.ALL)
  @Produces(MediaType.ALL)
  HttpResponse<?> patch(HttpRequest<?> request, @Body @Nullable String body) {
    return answer(
        request,
        user -> {
          checkSkipCheck(request);
          return json(user.overrides().patch(user.tenant(), Json.read(body == null ? "" : body)));
        });
  }

  /** Removes what is there. */
  @Delete
  @Produces(MediaType.ALL)
  HttpResponse<?> delete(HttpRequest<?> request) {
    return answer(
        request,
        user -> {
          user.overrides().delete(user.tenant(), ifMatch(request));
          return HttpResponse.ok();
        });
  }

  private record User(UserOverrides overrides, String tenant) {}

  /** A request without what it needs. */
  private static final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final HttpStatus status;

    BadRequestException(HttpStatus status, String message) {
      super(message, null, false, false);
      this.status = status;
    }
  }

  private HttpResponse<?> answer(HttpRequest<?> request, Function<User, HttpResponse<?>> action) {
    try {
      String tenant = api.fixedTenant().orElseGet(() -> tenant(request));
      UserOverrides overrides =
          api.overrides()
              .get()
              .orElseThrow(
                  () ->
                      new BadRequestException(
                          HttpStatus.SERVICE_UNAVAILABLE, "the broker has not answered yet"));
      return action.apply(new User(overrides, tenant));
    } catch (BadRequestException e) {
      return text(e.status, String.valueOf(e.getMessage()));
    } catch (RefusedException e) {
      return text(status(e.reason()), String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      return text(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    } catch (KafkaException e) {
      LOG.warn("overrides cannot be read or changed: {}", e.toString());
      return text(
          HttpStatus.INTERNAL_SERVER_ERROR, "overrides cannot be reached: " + e.getMessage());
    }
  }

  private static HttpStatus status(UserOverrides.Reason reason) {
    return switch (reason) {
      case INVALID -> HttpStatus.BAD_REQUEST;
      case NOT_FOUND -> HttpStatus.NOT_FOUND;
      case VERSION_MISMATCH -> HttpStatus.PRECONDITION_FAILED;
    };
  }

  private static String tenant(HttpRequest<?> request) {
    String header = request.getHeaders().get(TENANT_HEADER);
    if (header == null || header.isBlank()) {
      throw new BadRequestException(HttpStatus.UNAUTHORIZED, "no org id");
    }
    String tenant = header.strip();
    if (!TENANT.matcher(tenant).matches() || tenant.equals(".") || tenant.equals("..")) {
      throw new IllegalArgumentException(unsupported(tenant));
    }
    return tenant;
  }

  private static String unsupported(String tenant) {
    return tenant
        .codePoints()
        .mapToObj(Character::toString)
        .filter(character -> !TENANT.matcher(character).matches())
        .findFirst()
        .map(
            character ->
                "tenant ID '%s' contains unsupported character '%s'".formatted(tenant, character))
        .orElse("tenant ID '%s' is a path, or too long".formatted(tenant));
  }

  private static String ifMatch(HttpRequest<?> request) {
    String version = request.getHeaders().get(HttpHeaders.IF_MATCH);
    if (version == null || version.isEmpty()) {
      throw new BadRequestException(
          HttpStatus.PRECONDITION_REQUIRED, "must specify If-Match header");
    }
    return version;
  }

  /** There is no such check, but a client may say that it does not want one. */
  private static void checkSkipCheck(HttpRequest<?> request) {
    String skip = request.getParameters().get(SKIP_CHECK);
    if (skip != null && !TRUTH_VALUE.matcher(skip).matches()) {
      throw new IllegalArgumentException("%s=%s must be true or false".formatted(SKIP_CHECK, skip));
    }
  }

  private static HttpResponse<?> json(Stored stored) {
    return HttpResponse.ok(Json.write(stored.object()))
        .contentType(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.ETAG, stored.version());
  }

  private static MutableHttpResponse<String> text(HttpStatus status, String text) {
    return HttpResponse.<String>status(status)
        .body(text + "\n")
        .contentType(MediaType.TEXT_PLAIN_TYPE);
  }
}
