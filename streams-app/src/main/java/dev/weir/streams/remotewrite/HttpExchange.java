package dev.weir.streams.remotewrite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/** Remote write over HTTP. */
final class HttpExchange implements Exchange, AutoCloseable {
  private static final String SINGLE_TENANT = "single-tenant";
  private static final String SAMPLES_WRITTEN = "X-Prometheus-Remote-Write-Samples-Written";
  private static final String HISTOGRAMS_WRITTEN = "X-Prometheus-Remote-Write-Histograms-Written";
  private static final List<String> WRITTEN_HEADERS =
      List.of(SAMPLES_WRITTEN, HISTOGRAMS_WRITTEN, "X-Prometheus-Remote-Write-Exemplars-Written");

  /** A receiver may list every sample that it refuses, which can be megabytes. */
  private static final long MAX_BODY_BYTES = 64 * 1024;

  private final RemoteWriteTarget target;
  private final SenderMetrics metrics;
  private final Clock clock;
  private final HttpClients clients;

  HttpExchange(RemoteWriteTarget target, SenderMetrics metrics, Clock clock) {
    this.target = target;
    this.metrics = metrics;
    this.clock = clock;
    this.clients = new HttpClients(target);
  }

  @Override
  public Verdict send(String tenant, RemoteWriteVersion version, byte[] body) {
    Verdict verdict = metrics.timed(() -> exchange(tenant, version, body));
    metrics.request(verdict);
    return verdict;
  }

  /** Cancels what is under way. */
  @Override
  public void close() {
    clients.close();
  }

  private Verdict exchange(String tenant, RemoteWriteVersion version, byte[] body) {
    Optional<String> authorization;
    OkHttpClient client;
    try {
      authorization = target.authorization().header();
      client = clients.get();
    } catch (IOException e) {
      return new Verdict.Misconfigured("a file with credentials cannot be read: " + e);
    } catch (GeneralSecurityException e) {
      return new Verdict.Misconfigured("tls_config cannot be used: " + e.getMessage());
    }
    Headers headers = headers(tenant, version, authorization);
    try (Response response = client.newCall(request(headers, version, body)).execute()) {
      return answer(response).verdict(version, clock.instant());
    } catch (IOException e) {
      return new Verdict.Retryable(Duration.ZERO, e.toString());
    }
  }

  private Request request(Headers headers, RemoteWriteVersion version, byte[] body)
      throws IOException {
    return new Request.Builder()
        .url(target.url().toString())
        .headers(headers)
        .post(RequestBody.create(Snappy.compress(body), MediaType.get(version.contentType())))
        .build();
  }

  private Headers headers(
      String tenant, RemoteWriteVersion version, Optional<String> authorization) {
    Headers.Builder headers =
        new Headers.Builder()
            .set("Content-Encoding", "snappy")
            .set("User-Agent", UserAgent.VALUE)
            .set("X-Prometheus-Remote-Write-Version", version.header());
    target.headers().forEach(headers::addUnsafeNonAscii);
    authorization.ifPresent(value -> headers.addUnsafeNonAscii("Authorization", value));
    if (!tenant.equals(SINGLE_TENANT) && target.tellsTenantsApart()) {
      headers.addUnsafeNonAscii(RemoteWriteTarget.TENANT_HEADER, tenant);
    }
    return headers.build();
  }

  private static Answer answer(Response response) throws IOException {
    BufferedSource source = response.body().source();
    boolean truncated = source.request(MAX_BODY_BYTES + 1);
    Buffer read = source.getBuffer();
    String body = read.readString(Math.min(read.size(), MAX_BODY_BYTES), StandardCharsets.UTF_8);
    return new Answer(
        response.code(),
        written(response.headers()),
        Objects.requireNonNullElse(response.header("Retry-After"), ""),
        body,
        truncated);
  }

  private static long written(Headers headers) {
    boolean reported = WRITTEN_HEADERS.stream().anyMatch(name -> headers.get(name) != null);
    return reported
        ? number(headers.get(SAMPLES_WRITTEN)) + number(headers.get(HISTOGRAMS_WRITTEN))
        : Answer.UNREPORTED;
  }

  private static long number(@Nullable String text) {
    return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }
}
