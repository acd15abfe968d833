package dev.weir.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.remotewrite.v1.Label;
import dev.weir.schemas.remotewrite.v1.WriteRequest;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.Sample;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xerial.snappy.Snappy;

class DiscardingReceiverTest {
  private static final String CALLS = "traces_spanmetrics_calls_total";

  private DiscardingReceiver receiver;

  @BeforeEach
  void start() throws Exception {
    receiver = DiscardingReceiver.start();
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  @Test
  void shouldAddUpTheLatestValueOfEachCounterOfCalls() throws Exception {
    send(second(CALLS, "a", 2000, 5));
    send(second(CALLS, "a", 1000, 3));
    send(second(CALLS, "b", 2000, 2));
    send(second(CALLS, "b", 3000, Double.NaN));
    send(second("traces_spanmetrics_latency_count", "a", 2000, 100));

    assertThat(receiver.received().countedSpans()).isEqualTo(7);
    assertThat(receiver.received().labelSets()).isEqualTo(2);
    assertThat(receiver.received().samples()).isEqualTo(5);
    assertThat(receiver.received().requests()).isEqualTo(5);
  }

  @Test
  void shouldSayWhatItHasWrittenToASenderOfTheSecondVersion() throws Exception {
    HttpResponse<Void> response = send(second(CALLS, "a", 1000, 3));

    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.headers().firstValue("X-Prometheus-Remote-Write-Samples-Written"))
        .hasValue("1");
  }

  @Test
  void shouldUnderstandTheFirstVersionToo() throws Exception {
    WriteRequest request =
        WriteRequest.newBuilder()
            .addTimeseries(
                dev.weir.schemas.remotewrite.v1.TimeSeries.newBuilder()
                    .addLabels(Label.newBuilder().setName("__name__").setValue(CALLS))
                    .addSamples(
                        dev.weir.schemas.remotewrite.v1.Sample.newBuilder()
                            .setTimestamp(1)
                            .setValue(4)))
            .build();

    post(request.toByteArray(), "application/x-protobuf");

    assertThat(receiver.received().countedSpans()).isEqualTo(4);
  }

  private static Request second(String name, String service, long timestamp, double value) {
    return Request.newBuilder()
        .addAllSymbols(List.of("", "__name__", name, "service", service))
        .addTimeseries(
            TimeSeries.newBuilder()
                .addAllLabelsRefs(List.of(1, 2, 3, 4))
                .addSamples(Sample.newBuilder().setTimestamp(timestamp).setValue(value)))
        .build();
  }

  private HttpResponse<Void> send(Request request) throws Exception {
    return post(
        request.toByteArray(), "application/x-protobuf;proto=io.prometheus.write.v2.Request");
  }

  private HttpResponse<Void> post(byte[] message, String type) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(receiver.url()))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(Snappy.compress(message)))
                .build(),
            HttpResponse.BodyHandlers.discarding());
  }
}
