package dev.weir.app.endpoints;

import dev.weir.app.lifecycle.Readiness;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import java.util.stream.Collectors;

/** What operators and probes ask of every application. */
@Controller
@Requires(beans = {Readiness.class, PrometheusMeterRegistry.class, EffectiveConfig.class})
final class OperatorController {
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final Readiness readiness;
  private final PrometheusMeterRegistry registry;
  private final EffectiveConfig config;

  OperatorController(
      Readiness readiness, PrometheusMeterRegistry registry, EffectiveConfig config) {
    this.readiness = readiness;
    this.registry = registry;
    this.config = config;
  }

  /** 200 if every part is ready, else 503; a line for each part. */
  @Get("/ready")
  @Produces(MediaType.TEXT_PLAIN)
  HttpResponse<String> ready() {
    var checks = readiness.checks();
    boolean ready = checks.stream().allMatch(Readiness.Check::ready);
    String body =
        checks.stream()
            .map(
                check ->
                    (check.ready() ? "ready     " : "not ready ")
                        + check.name()
                        + ": "
                        + check.detail()
                        + "\n")
            .collect(Collectors.joining());
    return HttpResponse.<String>status(ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .body(body);
  }

  /** 200 as long as the process answers. */
  @Get("/live")
  @Produces(MediaType.TEXT_PLAIN)
  String live() {
    return "live\n";
  }

  @Get("/metrics")
  @Produces(PROMETHEUS_TEXT)
  String metrics() {
    return registry.scrape();
  }

  @Get("/config")
  @Produces(MediaType.TEXT_PLAIN)
  String config() {
    return config.settings().entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue() + "\n")
        .collect(Collectors.joining());
  }
}
