package dev.weir.ingester.api;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;

/** What Grafana's Tempo datasource asks of a server before it queries. */
@Controller("/api")
@Requires(beans = TraceApi.class)
final class DatasourceController {
  private final TraceApi api;

  DatasourceController(TraceApi api) {
    this.api = api;
  }

  @Get("/echo")
  @Produces(MediaType.TEXT_PLAIN)
  String echo() {
    return "echo\n";
  }

  /** The fields that Tempo has; those which only Go programs know are empty. */
  @Get("/status/buildinfo")
  @Produces(MediaType.APPLICATION_JSON)
  String buildInfo() {
    return """
        {"version":"%s","revision":"","branch":"","buildUser":"","buildDate":"","goVersion":""}"""
        .formatted(api.version());
  }
}
