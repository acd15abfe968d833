package dev.weir.streams.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.delta.Amounts;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.delta.SeriesKey;
import dev.weir.schemas.delta.Tally;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.remotewrite.v2.Metadata;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import dev.weir.streams.series.HistogramBounds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SampleBatchTest {
  private static final HistogramBounds BOUNDS = new HistogramBounds(List.of(0.1, 1.0));
  private static final int LENGTH = MetricGroup.SERVICE_GRAPH.vectorLength(BOUNDS.buckets());

  private final SampleBatch batch =
      new SampleBatch(Map.of(MetricGroup.SERVICE_GRAPH, BOUNDS), Map.of(), 10_000, 20_000);
  private final Tally before = new Tally(LENGTH);
  private final Tally after = new Tally(LENGTH);

  @Test
  void shouldHaveOnlyTheMetricsThatExist() throws InvalidProtocolBufferException {
    after.amounts().add(0, 0, 3);

    batch.add(edge(), before, after, 10_000);

    assertThat(samples())
        .containsExactly(
            "__name__=traces_service_graph_request_total client=a server=b 0.0@10000 3.0@20000");
  }

  @Test
  void shouldWriteAHistogramsPartsWithCumulativeBuckets() throws InvalidProtocolBufferException {
    int server = MetricGroup.SERVICE_GRAPH.sumIndex(0, BOUNDS.buckets());
    for (Amounts amounts : List.of(before.amounts(), after.amounts())) {
      amounts.add(server + 1, 0, 2);
      amounts.add(server + 3, 0, 1);
      amounts.add(server, 0, 2_500_000_000L);
    }

    batch.add(edge(), before, after, 0);

    String name = "__name__=traces_service_graph_request_server_seconds";
    assertThat(samples())
        .containsExactly(
            name + "_bucket client=a le=0.1 server=b 2.0@20000",
            name + "_bucket client=a le=1 server=b 2.0@20000",
            name + "_bucket client=a le=+Inf server=b 3.0@20000",
            name + "_count client=a server=b 3.0@20000",
            name + "_sum client=a server=b 2.5@20000");
  }

  @Test
  void shouldGiveOnlyWhatIsNewASampleOf0() throws InvalidProtocolBufferException {
    before.amounts().add(0, 0, 1);
    after.amounts().add(0, 0, 2);
    after.amounts().add(1, 0, 1);

    batch.add(edge(), before, after, 0);

    assertThat(samples())
        .containsExactly(
            "__name__=traces_service_graph_request_total client=a server=b 2.0@20000",
            "__name__=traces_service_graph_request_failed_total client=a server=b"
                + " 0.0@10000 1.0@20000");
  }

  @Test
  void shouldEndASeriesWithTheMarkerThatPrometheusKnows() throws InvalidProtocolBufferException {
    after.amounts().add(0, 0, 2);

    batch.addStale(edge(), after);

    double value = parsed().getTimeseries(0).getSamples(0).getValue();
    assertThat(Double.doubleToRawLongBits(value)).isEqualTo(0x7FF0000000000002L);
  }

  @Test
  void shouldSayOfAGaugeOnlyThatItIsThere() throws InvalidProtocolBufferException {
    Tally none = new Tally(1);
    Tally seen = new Tally(1);
    seen.amounts().add(0, 0, 7);

    batch.add(edge(MetricGroup.CONNECTION_INFO), none, seen, 10_000);

    assertThat(samples())
        .containsExactly(
            "__name__=traces_service_graph_connection_info client=a server=b 1.0@20000");
    TimeSeries series = parsed().getTimeseries(0);
    assertThat(series.getMetadata().getType()).isEqualTo(Metadata.MetricType.METRIC_TYPE_GAUGE);
    assertThat(series.getSamples(0).getStartTimestamp()).isZero();
  }

  @Test
  void shouldWriteAGroupThatIsOneHistogram() throws InvalidProtocolBufferException {
    Tally none = new Tally(4);
    Tally some = new Tally(4);
    some.amounts().add(0, 0, 200_000_000);
    some.amounts().add(2, 0, 1);

    batch.add(edge(MetricGroup.SERVICE_GRAPH_MESSAGING), none, some, 0);

    String name = "__name__=traces_service_graph_request_messaging_system_seconds";
    assertThat(samples())
        .containsExactly(
            name + "_bucket client=a le=0.1 server=b 0.0@10000 0.0@20000",
            name + "_bucket client=a le=1 server=b 0.0@10000 1.0@20000",
            name + "_bucket client=a le=+Inf server=b 0.0@10000 1.0@20000",
            name + "_count client=a server=b 0.0@10000 1.0@20000",
            name + "_sum client=a server=b 0.0@10000 0.2@20000");
  }

  @Test
  void shouldBeginItsSymbolsWithTheEmptyString() throws InvalidProtocolBufferException {
    assertThat(parsed().getSymbolsList()).containsExactly("");
  }

  private static SeriesKey edge() {
    return edge(MetricGroup.SERVICE_GRAPH);
  }

  private static SeriesKey edge(MetricGroup group) {
    ByteWriter labels = new ByteWriter(0);
    for (String text : List.of("client", "a", "server", "b")) {
      labels.prefixed(text.getBytes(UTF_8));
    }
    return SeriesKey.of(
        new byte[] {'t'}, group, labels.bytes(), 0, labels.length(), new ByteWriter(0));
  }

  private Request parsed() throws InvalidProtocolBufferException {
    return Request.parseFrom(batch.toByteArray());
  }

  private List<String> samples() throws InvalidProtocolBufferException {
    Request request = parsed();
    List<String> texts = new ArrayList<>();
    for (TimeSeries series : request.getTimeseriesList()) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < series.getLabelsRefsCount(); i++) {
        text.append(request.getSymbols(series.getLabelsRefs(i))).append(i % 2 == 0 ? '=' : ' ');
      }
      series
          .getSamplesList()
          .forEach(
              sample ->
                  text.append(sample.getValue())
                      .append('@')
                      .append(sample.getTimestamp())
                      .append(' '));
      texts.add(text.toString().strip());
    }
    return texts;
  }
}
