package dev.weir.app.endpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.lifecycle.Readiness;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HttpServerTest {
  private final AtomicBoolean ready = new AtomicBoolean(true);
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void shouldServeReadinessMetricsAndConfig() throws Exception {
    registry.counter("weir.things").increment();
    try (HttpServer server = start(0)) {
      assertThat(get(server, "/ready").body()).isEqualTo("ready     kafka: RUNNING\n");
      assertThat(get(server, "/metrics").body()).contains("weir_things_total 1.0");
      assertThat(get(server, "/config").body()).isEqualTo("spans.topic: weir.spans\n");
      ready.set(false);
      assertThat(get(server, "/ready").statusCode()).isEqualTo(503);
      assertThat(get(server, "/live").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void shouldServeOnlyTheBeansItWasGiven() throws Exception {
    try (HttpServer server = HttpServer.start("http.port", "127.0.0.1", 0, Map.of())) {
      assertThat(get(server, "/ready").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void shouldNameTheSettingOfATakenPort() {
    try (HttpServer first = start(0)) {
      assertThatThrownBy(() -> start(first.port()).close())
          .isInstanceOf(PortTakenException.class)
          .hasMessage(
              "http.port=%d: the port is taken by another process; choose another one with --http-port <port>",
              first.port());
    }
  }

  private HttpServer start(int port) {
    return HttpServer.start(
        "http.port",
        "127.0.0.1",
        port,
        Map.of(),
        Readiness.of("kafka", ready::get, () -> "RUNNING"),
        registry,
        new EffectiveConfig(new TreeMap<>(Map.of("spans.topic", "weir.spans"))));
  }

  private static HttpResponse<String> get(HttpServer server, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
