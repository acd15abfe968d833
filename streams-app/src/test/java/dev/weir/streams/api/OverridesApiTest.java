package dev.weir.streams.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.app.endpoints.HttpServer;
import dev.weir.streams.hostinfo.HostInfoSettings;
import dev.weir.streams.overrides.HeapVersionLog;
import dev.weir.streams.overrides.TenantSettings;
import dev.weir.streams.overrides.UserOverrides;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.SeriesLimits;
import dev.weir.streams.servicegraph.PeerNames;
import dev.weir.streams.servicegraph.ServiceGraphSettings;
import dev.weir.streams.spanmetrics.SpanMetricsSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverridesApiTest {
  private static final TenantSettings PROCESS =
      new TenantSettings(
          new SpanMetricsSettings(true, new HistogramBounds(List.of(1.0))),
          new ServiceGraphSettings(
              true,
              new HistogramBounds(List.of(0.1)),
              Duration.ofSeconds(10),
              100,
              PeerNames.DEFAULT_PEER_ATTRIBUTES),
          HostInfoSettings.DISABLED,
          SeriesLimits.NONE);
  private static final String DIMENSIONS =
      "{\"metrics_generator\":{\"processor\":{\"span_metrics\":{\"dimensions\":[\"zone\"]}}}}";
  private static final String EMPTY =
      "{\"cost_attribution\":{},\"metrics_generator\":{\"processor\":{\"service_graphs\":{},\"span_metrics\":{},\"host_info\":{}}}}";

  private final HeapVersionLog log = new HeapVersionLog(PROCESS);
  private final UserOverrides overrides = new UserOverrides(log);
  private final HttpServer server =
      HttpServer.start(
          "http.port",
          "127.0.0.1",
          0,
          Map.of(),
          new OverridesApi(() -> Optional.of(overrides), Optional.empty()),
          new StatusApi(() -> Optional.of(log.upToDate()), 1_000));
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void shouldStoreAndGiveBack() throws Exception {
    HttpResponse<String> posted = send("POST", "", DIMENSIONS, "If-Match", "0");
    assertThat(posted.statusCode()).isEqualTo(200);
    assertThat(posted.body()).isEmpty();

    HttpResponse<String> got = send("GET", "", "");
    assertThat(got.statusCode()).isEqualTo(200);
    assertThat(got.headers().firstValue("ETag"))
        .isEqualTo(posted.headers().firstValue("ETag"))
        .contains("2");
    assertThat(got.body())
        .isEqualTo(
            EMPTY.replace("\"span_metrics\":{", "\"span_metrics\":{\"dimensions\":[\"zone\"]"));
  }

  @Test
  void shouldHaveNothingUntilSomethingIsSaid() throws Exception {
    assertThat(send("GET", "", "").statusCode()).isEqualTo(404);
    assertThat(send("GET", "?scope=merged", "").statusCode()).isEqualTo(404);
    assertThat(send("DELETE", "", "", "If-Match", "0").statusCode()).isEqualTo(404);
  }

  @Test
  void shouldTellWhatIsInForceTogether() throws Exception {
    send("POST", "", DIMENSIONS, "If-Match", "0");

    assertThat(send("GET", "?scope=merged", "").body())
        .contains("\"dimensions\":[\"zone\"]", "\"histogram_buckets\":[1.0]");
  }

  @Test
  void shouldRefuseAScopeThatThereIsNot() throws Exception {
    HttpResponse<String> response = send("GET", "?scope=x", "");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .isEqualTo("unknown scope \"x\", valid options are api and merged\n");
  }

  @Test
  void shouldAskForTheVersionThatIsChanged() throws Exception {
    assertThat(send("POST", "", DIMENSIONS).statusCode()).isEqualTo(428);
    assertThat(send("DELETE", "", "").body()).isEqualTo("must specify If-Match header\n");
    assertThat(send("POST", "", DIMENSIONS, "If-Match", "7").statusCode()).isEqualTo(412);

    send("POST", "", DIMENSIONS, "If-Match", "0");
    assertThat(send("POST", "", DIMENSIONS, "If-Match", "0").statusCode()).isEqualTo(412);
    assertThat(send("DELETE", "", "", "If-Match", "7").statusCode()).isEqualTo(412);
    assertThat(send("DELETE", "", "", "If-Match", "2").statusCode()).isEqualTo(200);
    assertThat(send("GET", "", "").statusCode()).isEqualTo(404);
  }

  @Test
  void shouldPatchByRfc7386() throws Exception {
    assertThat(send("PATCH", "", "{}").body()).isEqualTo(EMPTY);
    send("PATCH", "", "{\"metrics_generator\":{\"processors\":[]}}");
    HttpResponse<String> patched = send("PATCH", "", DIMENSIONS);
    assertThat(patched.statusCode()).isEqualTo(200);
    assertThat(patched.headers().firstValue("ETag")).contains("4");
    assertThat(patched.body()).contains("\"processors\":[]", "\"dimensions\":[\"zone\"]");

    assertThat(send("PATCH", "", "{\"metrics_generator\":{\"processors\":null}}").body())
        .doesNotContain("processors")
        .contains("\"dimensions\":[\"zone\"]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"unknown\":1} | json: unknown field \"unknown\"",
        "[] | json: the body must be an object",
        "{\"metrics_generator\":{\"collection_interval\":\"30s\"}} | Weir has no such thing: metrics_generator.collection_interval",
        "{\"metrics_generator\":{\"processors\":[\"x\"]}} | metrics_generator.processors: \"x\" is not a known processor, valid values: [span-metrics, span-metrics-count, span-metrics-size, span-metrics-latency, service-graphs, service-graphs-request, service-graphs-latency, service-graphs-connection-info, host-info]",
        "{\"metrics_generator\":{\"processor\":{\"service_graphs\":{\"filter_policies\":[{}]}}}} | metrics_generator.processor.service_graphs.filter_policies: policies must have at least an `include`, `includeAny` or `exclude`",
        "{\"metrics_generator\":{\"processor\":{\"service_graphs\":{\"dimensions\":[\"le\"]}}}} | dimension \"le\" makes the label \"le\", which metrics have already",
      })
  void shouldRefuseWhatCannotBeUsed(String body, String text) throws Exception {
    HttpResponse<String> response = send("POST", "", body, "If-Match", "0");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).isEqualTo(text + "\n");
    assertThat(send("PATCH", "", body).statusCode()).isEqualTo(400);
  }

  @Test
  void shouldRefuseAQueryThatIsNoTruthValue() throws Exception {
    assertThat(
            send("POST", "?skip-conflicting-overrides-check=x", DIMENSIONS, "If-Match", "0")
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void shouldKeepTenantsApart() throws Exception {
    send("POST", "", DIMENSIONS, "If-Match", "0");

    assertThat(send("GET", "", "", "X-Scope-OrgID", "other").statusCode()).isEqualTo(404);
    HttpResponse<String> malformed = send("GET", "", "", "X-Scope-OrgID", "a/b");
    assertThat(malformed.statusCode()).isEqualTo(400);
    assertThat(malformed.body()).isEqualTo("tenant ID 'a/b' contains unsupported character '/'\n");
  }

  @Test
  void shouldTellWhoSaysWhatSinceWhen() throws Exception {
    send("POST", "", DIMENSIONS, "If-Match", "0");

    assertThat(get("/status/overrides")).isEqualTo("{\"version\":2,\"tenants\":[\"acme\"]}");
    assertThat(get("/status/overrides/acme"))
        .startsWith("{\"tenant\":\"acme\",\"version\":2,\"said\":[{\"source\":\"base\"")
        .contains(
            "\"source\":\"api\",\"tenant\":\"acme\",\"version\":2,\"from\":\"1970-01-01T00:01:02Z\"")
        .contains("\"learned\":{\"version\":0,\"span_names\":[],\"limited_labels\":{}}");
  }

  private String get(String path) throws Exception {
    return client
        .send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private HttpResponse<String> send(String method, String query, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri("/api/overrides" + query))
            .header("Content-Type", "application/json")
            .setHeader("X-Scope-OrgID", "acme")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }
}
