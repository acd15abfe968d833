package dev.weir.distributor.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.kafka.EmbeddedKafka;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients and probes see when Kafka comes late, goes, and returns. */
class BrokerAwayIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void shouldTellClientsToTryAgainUntilTheBrokerIsThere(@TempDir Path directory) throws Exception {
    int port = freePort();
    try (RunningDistributor distributor = RunningDistributor.start("127.0.0.1:" + port)) {
      HttpResponse<byte[]> early = distributor.post(SomeRequest.withSpans(1));
      assertThat(early.statusCode()).isEqualTo(503);
      assertThat(early.headers().firstValue("retry-after")).hasValue("2");
      assertThat(distributor.isReady()).isFalse();
      try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, port)) {
        distributor.awaitReady();
        assertThat(distributor.post(SomeRequest.withSpans(3)).statusCode()).isEqualTo(200);
        assertThat(distributor.spans()).hasSize(3);
        assertThat(kafka.port()).isEqualTo(port);
      }
    }
  }

  @Test
  void shouldReportALostBrokerAndRecoverWithoutTraffic(@TempDir Path directory) throws Exception {
    EmbeddedKafka first = EmbeddedKafka.start(directory, 0);
    try (RunningDistributor distributor =
        RunningDistributor.startReady(first.bootstrapServers(), "--producer-delivery-timeout=2s")) {
      assertThat(distributor.post(SomeRequest.withSpans(1)).statusCode()).isEqualTo(200);
      first.close();
      assertThat(distributor.post(SomeRequest.withSpans(2)).statusCode()).isEqualTo(503);
      assertThat(distributor.isReady()).isFalse();
      assertThat(distributor.count("weir.distributor.produce.failures", "reason", "timeout"))
          .isPositive();
      try (EmbeddedKafka second = EmbeddedKafka.start(directory, first.port())) {
        distributor.awaitReady();
        assertThat(distributor.post(SomeRequest.withSpans(3)).statusCode()).isEqualTo(200);
        assertThat(distributor.spans()).extracting(Span::getName).contains("span 3");
        assertThat(second.port()).isEqualTo(first.port());
      }
    } finally {
      first.close();
    }
  }

  @Test
  void shouldAnswerTheRequestInFlightWhenItStops(@TempDir Path directory) throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
      RunningDistributor distributor =
          RunningDistributor.startReady(kafka.bootstrapServers(), "--producer-linger=1s");
      CompletableFuture<HttpResponse<byte[]>> answer =
          CompletableFuture.supplyAsync(() -> distributor.post(SomeRequest.withSpans(5)));
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  distributor.registry.get("weir.distributor.inflight.bytes").gauge().value() > 0);
      distributor.close();
      assertThat(answer.get().statusCode()).isEqualTo(200);
      assertThat(distributor.spans()).hasSize(5);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
