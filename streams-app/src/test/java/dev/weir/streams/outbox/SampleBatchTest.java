package dev.weir.streams.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.delta.Amounts;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.delta.SeriesKey;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.remotewrite.v2.Metadata;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import dev.weir.streams.series.BucketLayout;
import dev.weir.streams.series.HistogramBounds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SampleBatchTest {
  private static final HistogramBounds BOUNDS = new HistogramBounds(List.of(0.1, 1.0));
  private static final BucketLayout LAYOUT = BucketLayout.of(BOUNDS);
  private static final int LENGTH = MetricGroup.SERVICE_GRAPH.vectorLength(BOUNDS.buckets());

  private SampleBatch batch = batch(SampleNaming.DEFAULT);
  private final Amounts before = new Amounts(LENGTH);
  private final Amounts after = new Amounts(LENGTH);

  @Test
  void shouldHaveOnlyTheMetricsThatExist() throws InvalidProtocolBufferException {
    after.add(0, 0, 3);

    batch.add(edge(), LAYOUT, before, after, 10_000);

    assertThat(samples())
        .containsExactly(
            "__name__=traces_service_graph_request_total client=a server=b 0.0@10000 3.0@20000");
  }

  @Test
  void shouldWriteAHistogramsPartsWithCumulativeBuckets() throws InvalidProtocolBufferException {
    int server = MetricGroup.SERVICE_GRAPH.sumIndex(0, BOUNDS.buckets());
    for (Amounts amounts : List.of(before, after)) {
      amounts.add(server + 1, 0, 2);
      amounts.add(server + 3, 0, 1);
      amounts.add(server, 0, 2_500_000_000L);
    }

    batch.add(edge(), LAYOUT, before, after, 0);

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
    before.add(0, 0, 1);
    after.add(0, 0, 2);
    after.add(1, 0, 1);

    batch.add(edge(), LAYOUT, before, after, 0);

    assertThat(samples())
        .containsExactly(
            "__name__=traces_service_graph_request_total client=a server=b 2.0@20000",
            "__name__=traces_service_graph_request_failed_total client=a server=b"
                + " 0.0@10000 1.0@20000");
  }

  @Test
  void shouldEndASeriesWithTheMarkerThatPrometheusKnows() throws InvalidProtocolBufferException {
    after.add(0, 0, 2);

    batch.addStale(edge(), LAYOUT, after);

    double value = parsed().getTimeseries(0).getSamples(0).getValue();
    assertThat(Double.doubleToRawLongBits(value)).isEqualTo(0x7FF0000000000002L);
  }

  @Test
  void shouldSayOfAGaugeOnlyThatItIsThere() throws InvalidProtocolBufferException {
    Amounts none = new Amounts(1);
    Amounts seen = new Amounts(1);
    seen.add(0, 0, 7);

    batch.add(edge(MetricGroup.CONNECTION_INFO), LAYOUT, none, seen, 10_000);

    assertThat(samples())
        .containsExactly(
            "__name__=traces_service_graph_connection_info client=a server=b 1.0@20000");
    TimeSeries series = parsed().getTimeseries(0);
    assertThat(series.getMetadata().getType()).isEqualTo(Metadata.MetricType.METRIC_TYPE_GAUGE);
    assertThat(series.getSamples(0).getStartTimestamp()).isZero();
  }

  @Test
  void shouldWriteAGroupThatIsOneHistogram() throws InvalidProtocolBufferException {
    Amounts none = new Amounts(4);
    Amounts some = new Amounts(4);
    some.add(0, 0, 200_000_000);
    some.add(2, 0, 1);

    batch.add(edge(MetricGroup.SERVICE_GRAPH_MESSAGING), LAYOUT, none, some, 0);

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

  @Test
  void shouldTellHowManySeriesItMakes() throws InvalidProtocolBufferException {
    after.add(0, 0, 2);
    after.add(MetricGroup.SERVICE_GRAPH.sumIndex(1, BOUNDS.buckets()) + 2, 0, 2);

    batch.add(edge(), LAYOUT, before, after, 0);

    assertThat(SampleBatch.series(MetricGroup.SERVICE_GRAPH, BOUNDS.buckets(), after))
        .isEqualTo(parsed().getTimeseriesCount())
        .isEqualTo(1 + 5);
  }

  @Test
  void shouldPutExternalLabelsInPlaceOfASeriesOwn() throws InvalidProtocolBufferException {
    batch =
        batch(
            new SampleNaming(
                "hosts", new ExternalLabels(Map.of("a", "1", "client", "x", "z", "2"), "tenant")));
    after.add(0, 0, 3);

    batch.add(edge(), LAYOUT, after, after, 10_000);

    assertThat(samples())
        .containsExactly(
            "__name__=traces_service_graph_request_total a=1 client=x server=b tenant=t z=2"
                + " 3.0@20000");
  }

  @Test
  void shouldCallHostsAsASettingSays() throws InvalidProtocolBufferException {
    batch = batch(new SampleNaming("hosts", ExternalLabels.NONE));
    Amounts one = new Amounts(1);
    one.add(0, 0, 1);

    batch.add(edge(MetricGroup.HOST_INFO), LAYOUT, one, one, 10_000);

    assertThat(samples()).containsExactly("__name__=hosts client=a server=b 1.0@20000");
  }

  private static SampleBatch batch(SampleNaming naming) {
    return new SampleBatch(naming, 10_000, 20_000);
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
