package dev.weir.audit.prometheus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalDouble;

/** The calls that a Prometheus has counted. */
public final class PrometheusTotal {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final String url;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  /**
   * @param url such as {@code http://host:9090}
   */
  public PrometheusTotal(String url) {
    this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  /**
   * The sum over all series of {@code traces_spanmetrics_calls_total} of the last value within a
   * range; a series that ended has one, too.
   *
   * @param atMillis end of the range, Unix milliseconds
   * @param range its length
   * @return empty if there is no such series
   * @throws IOException if Prometheus does not answer, or with an error
   */
  public OptionalDouble calls(long atMillis, Duration range)
      throws IOException, InterruptedException {
    String promql =
        "sum(last_over_time(traces_spanmetrics_calls_total[%ds]))".formatted(range.toSeconds());
    String query =
        "/api/v1/query?query=%s&time=%s"
            .formatted(URLEncoder.encode(promql, StandardCharsets.UTF_8), atMillis / 1000.0);
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create(url + query)).timeout(TIMEOUT).build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(
          "%s answers %d: %s".formatted(url, response.statusCode(), response.body()));
    }
    JsonNode result = new ObjectMapper().readTree(response.body()).at("/data/result");
    return result.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(Double.parseDouble(result.get(0).at("/value/1").asText()));
  }
}
