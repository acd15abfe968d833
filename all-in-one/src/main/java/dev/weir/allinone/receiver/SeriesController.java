package dev.weir.allinone.receiver;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;

/** Shows what was received, in Prometheus' text format. */
@Controller
@Requires(beans = SeriesStore.class)
final class SeriesController {
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final SeriesStore store;

  SeriesController(SeriesStore store) {
    this.store = store;
  }

  /** The latest sample of every series that has not ended, with its timestamp. */
  @Get("/series")
  @Produces(PROMETHEUS_TEXT)
  String series() {
    return PrometheusText.of(store.all());
  }
}
