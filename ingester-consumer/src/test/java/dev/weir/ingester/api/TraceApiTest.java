package dev.weir.ingester.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import dev.weir.app.endpoints.HttpServer;
import dev.weir.app.topics.TopicSettings;
import dev.weir.ingester.fixture.MemoryBackend;
import dev.weir.ingester.fixture.OtlpSpans;
import dev.weir.ingester.livetraces.CutPolicy;
import dev.weir.ingester.livetraces.LiveTraces;
import dev.weir.ingester.querier.TraceQuerier;
import dev.weir.ingester.segment.SegmentStore;
import dev.weir.ingester.telemetry.IngesterMetrics;
import dev.weir.ingester.tenant.TenantId;
import dev.weir.ingester.trace.TraceId;
import dev.weir.ingester.trace.TraceRecords;
import dev.weir.ingester.trace.TraceScanner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceApiTest {
  private static final TenantId SINGLE = new TenantId(TopicSettings.SINGLE_TENANT);
  private static final String ID = "0af7651916cd43dd8448eb211c80319c";
  private static final TraceId TRACE = TraceId.parse(ID).orElseThrow();
  private static final TracesData SPANS =
      OtlpSpans.of("shop", OtlpSpans.span(TRACE, 0xb7ad6b7169203331L, "GET /"));
  private static final String RESOURCE_SPANS =
      "[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\"shop\"}}]},"
          + "\"scopeSpans\":[{\"scope\":{\"name\":\"lib\"},\"spans\":[{"
          + "\"traceId\":\"CvdlGRbNQ92ESOshHIAxnA==\",\"spanId\":\"t61rcWkgMzE=\",\"name\":\"GET /\","
          + "\"kind\":\"SPAN_KIND_SERVER\",\"startTimeUnixNano\":\"1755770400000000000\","
          + "\"endTimeUnixNano\":\"1755770400100000000\",\"status\":{}}]}]}]";

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final MemoryBackend backend = new MemoryBackend();
  private final LiveTraces live =
      new LiveTraces(() -> Instant.EPOCH, new CutPolicy(Duration.ofSeconds(30), 1_000_000));
  private final SegmentStore segments = new SegmentStore(backend, 1_000_000);
  private HttpServer server = serve(false);

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void shouldRenderVersion1AsJson() throws Exception {
    read(SINGLE, SPANS);
    HttpResponse<String> response = get("/api/traces/" + ID);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(response.body()).isEqualTo("{\"batches\":" + RESOURCE_SPANS + "}");
  }

  @Test
  void shouldRenderVersion2AsJson() throws Exception {
    read(SINGLE, SPANS);
    assertThat(get("/api/v2/traces/" + ID).body())
        .isEqualTo(
            "{\"trace\":{\"resourceSpans\":%s},\"metrics\":{\"inspectedBytes\":\"%d\"}}"
                .formatted(RESOURCE_SPANS, SPANS.getSerializedSize()));
  }

  @Test
  void shouldRenderVersion1AsProtobuf() throws Exception {
    read(SINGLE, SPANS);
    HttpResponse<byte[]> response = getProtobuf("/api/traces/" + ID);
    assertThat(response.headers().firstValue("content-type")).contains("application/protobuf");
    assertThat(TracesData.parseFrom(response.body())).isEqualTo(SPANS);
  }

  @Test
  void shouldRenderVersion2AsProtobuf() throws Exception {
    read(SINGLE, SPANS);
    CodedInputStream in = CodedInputStream.newInstance(getProtobuf("/api/v2/traces/" + ID).body());
    assertThat(in.readTag()).isEqualTo(0x0A);
    assertThat(TracesData.parseFrom(in.readByteArray())).isEqualTo(SPANS);
    assertThat(in.readTag()).isEqualTo(0x12);
    assertThat(in.readByteArray()[0]).isEqualTo((byte) 0x08);
    assertThat(in.isAtEnd()).isTrue();
  }

  @Test
  void shouldAnswerVersion1Of404WithoutABodyIfThereIsNoTrace() throws Exception {
    HttpResponse<String> response = get("/api/traces/" + ID);
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).isEmpty();
    assertThat(getProtobuf("/api/traces/" + ID).statusCode()).isEqualTo(404);
    assertThat(queries("not_found")).isEqualTo(2);
  }

  @Test
  void shouldAnswerVersion2WithAnEmptyTraceIfThereIsNone() throws Exception {
    HttpResponse<String> response = get("/api/v2/traces/" + ID);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"trace\":{},\"metrics\":{}}");
    assertThat(getProtobuf("/api/v2/traces/" + ID).body()).startsWith(0x0A, 0x00);
  }

  @Test
  void shouldPadShortIds() throws Exception {
    read(SINGLE, OtlpSpans.of("shop", OtlpSpans.span(new TraceId(0, 0xabc), 1, "a")));
    assertThat(get("/api/traces/abc").statusCode()).isEqualTo(200);
    assertThat(get("/api/v2/traces/0ABC").body()).contains("\"name\":\"a\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/traces/xyz | trace id 'xyz' must be 1 to 32 hexadecimal digits",
        "/api/v2/traces/12345678901234567890123456789012a | 12345678901234567890123456789012a",
        "/api/traces/1?start=10&end=10 | end=10 must be later than start=10",
        "/api/v2/traces/1?start=x | start='x' must be a whole number of seconds",
        "/api/v2/traces/1?mode=external | mode='external' must be all, ingesters or blocks"
      })
  void shouldRefuse(String path, String text) throws Exception {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains(text);
    assertThat(response.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/plain");
    assertThat(getProtobuf(path).statusCode()).isEqualTo(400);
    assertThat(queries("refused")).isEqualTo(2);
  }

  @Test
  void shouldTakeTimesThatGrafanaSends() throws Exception {
    read(SINGLE, SPANS);
    assertThat(get("/api/v2/traces/" + ID + "?start=10&end=20").body()).contains("GET /");
  }

  @Test
  void shouldTellTenantsApartByTheirHeader() throws Exception {
    server.close();
    server = serve(true);
    read(new TenantId("acme"), SPANS);
    assertThat(get("/api/traces/" + ID, "X-Scope-OrgID", "acme").statusCode()).isEqualTo(200);
    assertThat(get("/api/traces/" + ID, "X-Scope-OrgID", "other").statusCode()).isEqualTo(404);
    assertThat(get("/api/traces/" + ID, "X-Scope-OrgID", "a/b").statusCode()).isEqualTo(400);
    HttpResponse<String> without = get("/api/v2/traces/" + ID);
    assertThat(without.statusCode()).isEqualTo(401);
    assertThat(without.body()).isEqualTo("no org id");
  }

  @Test
  void shouldSayWhenATraceIsPartial() throws Exception {
    read(SINGLE, SPANS);
    TraceRecords records = new TraceRecords();
    records.append(OtlpSpans.scanned(SPANS), 1);
    segments.write(SINGLE, 0, 1, 2, records);
    backend.overwrite(segments.of(SINGLE).get(0).key(), new byte[50]);
    HttpResponse<String> response = get("/api/v2/traces/" + ID);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .contains("GET /")
        .endsWith(
            "\"status\":\"PARTIAL\",\"message\":\"1 records or segments that may hold spans of this"
                + " trace cannot be read\"}");
    assertThat(new String(getProtobuf("/api/v2/traces/" + ID).body(), StandardCharsets.UTF_8))
        .endsWith("that may hold spans of this trace cannot be read");
  }

  @Test
  void shouldFailWhenTheBackendDoes() throws Exception {
    TraceRecords records = new TraceRecords();
    records.append(OtlpSpans.scanned(SPANS), 1);
    segments.write(SINGLE, 0, 1, 2, records);
    backend.failing(true);
    HttpResponse<String> response = get("/api/v2/traces/" + ID);
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).isEqualTo("traces cannot be read: the backend fails as told");
    assertThat(get("/api/traces/" + ID + "?mode=ingesters").statusCode()).isEqualTo(404);
  }

  @Test
  void shouldAnswerWhatGrafanaAsksFirst() throws Exception {
    assertThat(get("/api/echo").body()).isEqualTo("echo\n");
    HttpResponse<String> build = get("/api/status/buildinfo");
    assertThat(build.body())
        .isEqualTo(
            "{\"version\":\"1.2.3\",\"revision\":\"\",\"branch\":\"\",\"buildUser\":\"\","
                + "\"buildDate\":\"\",\"goVersion\":\"\"}");
    assertThat(build.headers().firstValue("content-type")).contains("application/json");
  }

  private HttpServer serve(boolean multitenancy) {
    TraceApi api =
        new TraceApi(
            new TraceQuerier(live, segments), new IngesterMetrics(registry), multitenancy, "1.2.3");
    return HttpServer.start("http.port", "127.0.0.1", 0, Map.of(), api);
  }

  private void read(TenantId tenant, TracesData record) throws Exception {
    live.append(0, 1, tenant, new TraceScanner().scan(record.toByteArray()), 0);
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    return send(path, HttpResponse.BodyHandlers.ofString(), headers);
  }

  private HttpResponse<byte[]> getProtobuf(String path) throws Exception {
    return send(path, HttpResponse.BodyHandlers.ofByteArray(), "Accept", "application/protobuf");
  }

  private <T> HttpResponse<T> send(String path, HttpResponse.BodyHandler<T> body, String... headers)
      throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return HttpClient.newHttpClient().send(request.build(), body);
  }

  private double queries(String outcome) {
    return registry.get("weir.ingester.trace.queries").tag("outcome", outcome).counter().count();
  }
}
