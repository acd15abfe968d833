package dev.weir.audit.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PrometheusTotalTest {
  private HttpServer server;
  private volatile int status = 200;
  private volatile String answer = "";
  private volatile String asked = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked = exchange.getRequestURI().getPath() + '?' + exchange.getRequestURI().getQuery();
    byte[] body = answer.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void shouldAskForTheLastValueOfEverySeries() throws Exception {
    answer = "{\"data\":{\"result\":[{\"metric\":{},\"value\":[1,\"1234\"]}]}}";

    assertThat(total().calls(1_500, Duration.ofMinutes(1))).hasValue(1234);
    assertThat(asked)
        .isEqualTo(
            "/api/v1/query?query=sum(last_over_time(traces_spanmetrics_calls_total[60s]))&time=1.5");
  }

  @Test
  void shouldKnowNothingWithoutSeries() throws Exception {
    answer = "{\"data\":{\"result\":[]}}";

    assertThat(total().calls(0, Duration.ofMinutes(1))).isEmpty();
  }

  @Test
  void shouldSayWhatIsWrong() {
    status = 503;
    answer = "starting";

    assertThatThrownBy(() -> total().calls(0, Duration.ofMinutes(1)))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("answers 503: starting");
  }

  private PrometheusTotal total() {
    return new PrometheusTotal(
        "http://%s:%d/"
            .formatted(
                server.getAddress().getAddress().getHostAddress(), server.getAddress().getPort()));
  }
}
