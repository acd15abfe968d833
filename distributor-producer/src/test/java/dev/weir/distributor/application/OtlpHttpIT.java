package dev.weir.distributor.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import dev.weir.kafka.EmbeddedKafka;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients get over HTTP, above all for what is wrong. */
class OtlpHttpIT {
  private static final int MAX_REQUEST = 100_000;
  private static EmbeddedKafka kafka;
  private static RunningDistributor distributor;

  @BeforeAll
  static void start(@TempDir Path directory) {
    kafka = EmbeddedKafka.start(directory, 0);
    distributor =
        RunningDistributor.startReady(
            kafka.bootstrapServers(),
            "--multitenancy-enabled=true",
            "--otlp-max-request-size=" + MAX_REQUEST);
  }

  @AfterAll
  static void stop() {
    distributor.close();
    kafka.close();
  }

  @Test
  void shouldAnswerWithAnEmptyResponseOnceSpansAreStored() throws Exception {
    int before = distributor.spans().size();
    HttpResponse<byte[]> response = post(SomeRequest.withSpans(20));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/x-protobuf");
    assertThat(response.body()).isEmpty();
    assertThat(distributor.spans()).hasSize(before + 20);
  }

  @Test
  void shouldAcceptGzip() {
    assertThat(post(gzip(SomeRequest.withSpans(20)), "Content-Encoding", "gzip").statusCode())
        .isEqualTo(200);
  }

  @Test
  void shouldAcceptARequestWithoutSpansWhoeverSendsIt() {
    assertThat(distributor.post(new byte[0]).statusCode()).isEqualTo(200);
    assertThat(distributor.post(new byte[] {0x0A, 0}).statusCode()).isEqualTo(200);
  }

  @Test
  void shouldTellWhichSpansAreRejected() throws Exception {
    HttpResponse<byte[]> response = post(SomeRequest.withBadSpanAfter(2));
    assertThat(response.statusCode()).isEqualTo(200);
    ExportTraceServiceResponse answer = ExportTraceServiceResponse.parseFrom(response.body());
    assertThat(answer.getPartialSuccess().getRejectedSpans()).isEqualTo(1);
    assertThat(answer.getPartialSuccess().getErrorMessage())
        .isEqualTo(
            "1 of 3 spans rejected; first resource_spans[0].scope_spans[0].spans[2]:"
                + " span id has 0 bytes, must have 8");
  }

  @Test
  void shouldRefuseARequestWithoutAGoodSpan() {
    assertStatus(post(SomeRequest.withBadSpanAfter(0)), 400, 3, "1 of 1 spans rejected; first ");
  }

  @Test
  void shouldNameTheFaultOfABrokenBody() {
    assertStatus(
        post(new byte[] {0x0A, 0x05, 0x12}),
        400,
        3,
        "the body is not a valid OTLP trace request: length 5 exceeds the 1 bytes that are left at"
            + " byte 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/plain"})
  void shouldRefuseOtherContentTypes(String type) {
    assertStatus(
        post(SomeRequest.withSpans(1), "Content-Type", type),
        415,
        3,
        "the content type '" + type + "' is not supported, send application/x-protobuf");
  }

  @Test
  void shouldSayThatJsonIsNotAcceptedYet() {
    assertStatus(
        post("{}".getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json"),
        415,
        3,
        "the content type 'application/json' is not supported, send application/x-protobuf;"
            + " JSON is not accepted yet");
  }

  @Test
  void shouldRefuseUnknownContentEncodings() {
    assertStatus(
        post(SomeRequest.withSpans(1), "Content-Encoding", "br"),
        415,
        3,
        "the content encoding 'br' is not supported, send gzip or none");
  }

  @Test
  void shouldRefuseWhatIsNoGzip() {
    assertStatus(
        post(SomeRequest.withSpans(1), "Content-Encoding", "gzip"),
        400,
        3,
        "the body is not valid gzip: ");
  }

  @Test
  void shouldNotExpandAGzipBomb() {
    byte[] bomb = gzip(new byte[64 << 20]);
    assertThat(bomb).hasSizeLessThan(MAX_REQUEST);
    assertStatus(
        post(bomb, "Content-Encoding", "gzip"),
        413,
        8,
        "the request has more than 100000 bytes (otlp.max.request.size)");
  }

  @Test
  void shouldRefuseABodyThatIsTooLarge() {
    assertStatus(
        post(SomeRequest.withSpanOf(MAX_REQUEST)),
        413,
        8,
        "the request has more than 100000 bytes (otlp.max.request.size)");
  }

  @Test
  void shouldRefuseOtherMethods() {
    HttpRequest get = HttpRequest.newBuilder(URI.create(distributor.httpEndpoint())).build();
    HttpResponse<byte[]> response = RunningDistributor.send(get);
    assertStatus(response, 405, 3, "the method GET is not allowed, send spans with POST");
    assertThat(response.headers().firstValue("allow")).hasValue("POST");
  }

  @Test
  void shouldRefuseARequestWithoutTenant() {
    assertStatus(
        distributor.post(SomeRequest.withSpans(1)),
        401,
        16,
        "no tenant: the header X-Scope-OrgID is missing");
  }

  @Test
  void shouldRefuseAMalformedTenant() {
    assertStatus(
        post(SomeRequest.withSpans(1), "X-Scope-OrgID", "a/b"),
        400,
        3,
        "the tenant id 'a/b' in X-Scope-OrgID may only have ASCII letters");
  }

  @Test
  void shouldAnswerManyRequestsOnOneConnection() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), distributor.app.httpPort())) {
      byte[] body = SomeRequest.withSpans(1);
      String head =
          "POST /v1/traces HTTP/1.1\r\nHost: x\r\nX-Scope-OrgID: shop\r\n"
              + "Content-Type: application/x-protobuf\r\nContent-Length: "
              + body.length
              + "\r\n\r\n";
      for (int i = 0; i < 3; i++) {
        OutputStream out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
        assertThat(new String(socket.getInputStream().readNBytes(15), StandardCharsets.US_ASCII))
            .isEqualTo("HTTP/1.1 200 OK");
        skipRestOfHead(socket);
      }
    }
  }

  private static void skipRestOfHead(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) socket.getInputStream().read());
    }
    assertThat(head.toString().toLowerCase(java.util.Locale.ROOT)).contains("content-length: 0");
  }

  private static HttpResponse<byte[]> post(byte[] body, String... headers) {
    String[] withTenant = java.util.Arrays.copyOf(headers, headers.length + 2);
    System.arraycopy(headers, 0, withTenant, 2, headers.length);
    withTenant[0] = "X-Scope-OrgID";
    withTenant[1] = "shop";
    return distributor.post(body, withTenant);
  }

  private static void assertStatus(
      HttpResponse<byte[]> response, int status, int code, String message) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/x-protobuf");
    try {
      CodedInputStream in = CodedInputStream.newInstance(response.body());
      assertThat(in.readTag()).isEqualTo(1 << 3);
      assertThat(in.readInt32()).isEqualTo(code);
      assertThat(in.readTag()).isEqualTo((2 << 3) | 2);
      assertThat(in.readString()).startsWith(message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
