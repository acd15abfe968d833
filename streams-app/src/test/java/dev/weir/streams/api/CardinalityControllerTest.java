package dev.weir.streams.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.app.endpoints.HttpServer;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.delta.SeriesKey;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.streams.cardinality.CardinalityReport;
import dev.weir.streams.cardinality.ShardCardinality;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CardinalityControllerTest {
  private static final String ACME =
      "{\"tenant\":\"acme\",\"series_demand_estimate\":19,\"entity_demand_estimate\":1,"
          + "\"labels\":[{\"label\":\"span_name\",\"distinct_values_estimate\":1,"
          + "\"example_span_name\":\"GET /\"}]}";

  private final CardinalityReport report = new CardinalityReport();
  private HttpServer server;

  @BeforeEach
  void start() {
    ShardCardinality shard =
        new ShardCardinality(Duration.ofSeconds(15), Duration.ofMinutes(15), group -> 19);
    report.shard(0, shard);
    byte[] labels =
        new ByteWriter(0)
            .prefixed("span_name".getBytes(UTF_8))
            .prefixed("GET /".getBytes(UTF_8))
            .toByteArray();
    shard.grew(
        SeriesKey.of(
            "acme".getBytes(UTF_8),
            MetricGroup.SPAN_METRICS,
            labels,
            0,
            labels.length,
            new ByteWriter(64)),
        100);
    server = HttpServer.start("http.port", "127.0.0.1", 0, Map.of(), report);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void shouldTellOfAllTenants() throws Exception {
    assertThat(get("").body()).isEqualTo("[" + ACME + "]");
  }

  @Test
  void shouldTellOfOneTenant() throws Exception {
    assertThat(get("/acme").body()).isEqualTo(ACME);
  }

  @Test
  void shouldNotFindATenantThatIsNotThere() throws Exception {
    assertThat(get("/nobody").statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:%d/status/cardinality%s".formatted(server.port(), path));
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
