package dev.weir.allinone.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.remotewrite.v1.Label;
import dev.weir.schemas.remotewrite.v1.Sample;
import dev.weir.schemas.remotewrite.v1.TimeSeries;
import dev.weir.schemas.remotewrite.v1.WriteRequest;
import dev.weir.schemas.remotewrite.v2.Request;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xerial.snappy.Snappy;

class RemoteWriteReceiverTest {
  private static final ReceivedSample SAMPLE =
      new ReceivedSample(new Labels(Map.of("__name__", "calls_total", "service", "cart")), 3, 15);

  private final List<ReceivedSample> received = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private RemoteWriteReceiver receiver;

  @BeforeEach
  void start() throws IOException {
    receiver = RemoteWriteReceiver.start(0, received::addAll);
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  @Test
  void shouldTakeVersion1() throws Exception {
    byte[] request =
        WriteRequest.newBuilder()
            .addTimeseries(
                TimeSeries.newBuilder()
                    .addLabels(Label.newBuilder().setName("__name__").setValue("calls_total"))
                    .addLabels(Label.newBuilder().setName("service").setValue("cart"))
                    .addSamples(Sample.newBuilder().setValue(3).setTimestamp(15)))
            .build()
            .toByteArray();

    assertThat(post("application/x-protobuf", "snappy", Snappy.compress(request)).statusCode())
        .isEqualTo(204);
    assertThat(received).containsExactly(SAMPLE);
  }

  @Test
  void shouldTakeVersion2AndSayHowManyItTook() throws Exception {
    byte[] request = version2(1, 2, 3, 4);

    HttpResponse<String> response =
        post(
            "application/x-protobuf;proto=io.prometheus.write.v2.Request",
            "snappy",
            Snappy.compress(request));

    assertThat(response.headers().firstValue("X-Prometheus-Remote-Write-Samples-Written"))
        .hasValue("1");
    assertThat(received).containsExactly(SAMPLE);
  }

  @Test
  void shouldRefuseWhatIsNoRequest() throws Exception {
    byte[] text = "no request".getBytes(StandardCharsets.UTF_8);

    assertThat(post("application/x-protobuf", "gzip", text).statusCode()).isEqualTo(415);
    assertThat(post("application/x-protobuf", "snappy", text).statusCode()).isEqualTo(400);
    assertThat(post("application/x-protobuf", "snappy", Snappy.compress(text)).statusCode())
        .isEqualTo(400);
    assertThat(received).isEmpty();
  }

  @Test
  void shouldRefuseSymbolsThatAreNotThere() throws Exception {
    byte[] request = Snappy.compress(version2(1, 2, 3, 5));

    assertThat(post("proto=io.prometheus.write.v2.Request", "snappy", request).body())
        .contains("symbol 5 of 5");
  }

  private static byte[] version2(Integer... references) {
    return Request.newBuilder()
        .addAllSymbols(List.of("", "__name__", "calls_total", "service", "cart"))
        .addTimeseries(
            dev.weir.schemas.remotewrite.v2.TimeSeries.newBuilder()
                .addAllLabelsRefs(List.of(references))
                .addSamples(
                    dev.weir.schemas.remotewrite.v2.Sample.newBuilder()
                        .setValue(3)
                        .setTimestamp(15)))
        .build()
        .toByteArray();
  }

  private HttpResponse<String> post(String type, String encoding, byte[] body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(receiver.url()))
            .header("Content-Type", type)
            .header("Content-Encoding", encoding)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
