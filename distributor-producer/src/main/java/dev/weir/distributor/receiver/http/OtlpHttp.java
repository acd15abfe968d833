package dev.weir.distributor.receiver.http;

import dev.weir.distributor.distribution.Distributor;
import dev.weir.distributor.distribution.ExportRequest;
import dev.weir.distributor.distribution.ExportRequest.Body;
import dev.weir.distributor.distribution.Outcome;
import dev.weir.distributor.distribution.Transport;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Takes bodies from the controller to the distributor; the one bean that the controller needs, so
 * that only the server which is given it accepts spans. Thread-safe.
 */
public final class OtlpHttp {
  private final Distributor distributor;
  private final int maxRequestBytes;

  /**
   * @param maxRequestBytes largest request, encoded and decoded
   */
  public OtlpHttp(Distributor distributor, int maxRequestBytes) {
    this.distributor = distributor;
    this.maxRequestBytes = maxRequestBytes;
  }

  /** Properties of the framework for the server that this is served by. */
  public Map<String, Object> serverProperties() {
    return Map.of(
        "micronaut.server.max-request-size", maxRequestBytes,
        "micronaut.server.max-request-buffer-size", maxRequestBytes,
        // it would expand a body without a bound on the result
        "micronaut.server.netty.request-decompression-enabled", false);
  }

  CompletableFuture<Outcome> export(List<String> tenant, String encoding, byte[] bytes) {
    Body body = isGzip(encoding) ? () -> GzipBody.decode(bytes, maxRequestBytes) : () -> bytes;
    return distributor
        .distribute(new ExportRequest(Transport.HTTP, tenant, bytes.length, body))
        .toCompletableFuture();
  }

  /** Counts a request that ends here. */
  <R extends Outcome.Refusal> R refused(R refusal) {
    distributor.refused(Transport.HTTP, refusal);
    return refusal;
  }

  Outcome.TooLarge tooLarge() {
    return tooLarge(maxRequestBytes);
  }

  static Outcome.TooLarge tooLarge(int maxBytes) {
    return new Outcome.TooLarge(
        "the request has more than %d bytes (otlp.max.request.size)".formatted(maxBytes));
  }

  static boolean isKnownEncoding(String encoding) {
    return isGzip(encoding) || encoding.equalsIgnoreCase("identity") || encoding.isEmpty();
  }

  private static boolean isGzip(String encoding) {
    return encoding.toLowerCase(Locale.ROOT).equals("gzip");
  }
}
