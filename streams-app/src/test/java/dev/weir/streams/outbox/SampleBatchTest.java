package dev.weir.streams.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.delta.Amounts;
import dev.weir.schemas.delta.Exemplars;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.delta.SeriesKey;
import dev.weir.schemas.delta.Tally;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.remotewrite.v2.BucketSpan;
import dev.weir.schemas.remotewrite.v2.Histogram;
import dev.weir.schemas.remotewrite.v2.Metadata;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import dev.weir.streams.Golden;
import dev.weir.streams.series.BucketLayout;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.MetricSelection;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class SampleBatchTest {
  private static final HistogramBounds BOUNDS = new HistogramBounds(List.of(0.1, 1.0));
  private static final BucketLayout LAYOUT = BucketLayout.of(BOUNDS);
  private static final int LENGTH = MetricGroup.SERVICE_GRAPH.vectorLength(BOUNDS.buckets());

  private static final MetricSelection NATIVE = new MetricSelection(Set.of(), false, true);
  private SampleBatch batch = batch(SampleNaming.DEFAULT);
  private final Tally before = new Tally(LENGTH);
  private final Tally after = new Tally(LENGTH);

  @Test
  void shouldHaveOnlyTheMetricsThatExist() throws InvalidProtocolBufferException {
    after.amounts().add(0, 0, 3);

    batch.add(edge(), LAYOUT, MetricSelection.ALL, before, after, new Exemplars(), 10_000);

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

    batch.add(edge(), LAYOUT, MetricSelection.ALL, before, after, new Exemplars(), 0);

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

    batch.add(edge(), LAYOUT, MetricSelection.ALL, before, after, new Exemplars(), 0);

    assertThat(samples())
        .containsExactly(
            "__name__=traces_service_graph_request_total client=a server=b 2.0@20000",
            "__name__=traces_service_graph_request_failed_total client=a server=b"
                + " 0.0@10000 1.0@20000");
  }

  @Test
  void shouldEndASeriesWithTheMarkerThatPrometheusKnows() throws InvalidProtocolBufferException {
    after.amounts().add(0, 0, 2);

    batch.addStale(edge(), LAYOUT, MetricSelection.ALL, after);

    double value = parsed().getTimeseries(0).getSamples(0).getValue();
    assertThat(Double.doubleToRawLongBits(value)).isEqualTo(0x7FF0000000000002L);
  }

  @Test
  void shouldSayOfAGaugeOnlyThatItIsThere() throws InvalidProtocolBufferException {
    Tally none = new Tally(1);
    Tally seen = new Tally(1);
    seen.amounts().add(0, 0, 7);

    batch.add(
        edge(MetricGroup.CONNECTION_INFO),
        LAYOUT,
        MetricSelection.ALL,
        none,
        seen,
        new Exemplars(),
        10_000);

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

    batch.add(
        edge(MetricGroup.SERVICE_GRAPH_MESSAGING),
        LAYOUT,
        MetricSelection.ALL,
        none,
        some,
        new Exemplars(),
        0);

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
  void shouldNameASpanOnTheBucketThatItFellInto() throws InvalidProtocolBufferException {
    int server = MetricGroup.SERVICE_GRAPH.sumIndex(0, BOUNDS.buckets());
    after.amounts().add(server + 2, 0, 1);
    Exemplars exemplars = new Exemplars();
    exemplars.offer(1, 0, 0xA1B, 0xC, 250_000_000, 15_000);

    batch.add(edge(), LAYOUT, MetricSelection.ALL, before, after, exemplars, 0);

    Request request = parsed();
    TimeSeries bucket = request.getTimeseries(1);
    assertThat(request.getSymbolsList().get(bucket.getLabelsRefs(5))).isEqualTo("1");
    assertThat(exemplars(request))
        .containsExactly(
            "traceID 00000000000000000000000000000a1b span_id 000000000000000c 0.25@15000");
    assertThat(bucket.getExemplarsCount()).isEqualTo(1);
  }

  @Test
  void shouldKeepExemplarsWithinTheWindowAndZerosOutOfIdsIfAsked()
      throws InvalidProtocolBufferException {
    SampleBatch compatible =
        new SampleBatch(new ExemplarFormat("trace", true), SampleNaming.DEFAULT, 10_000, 20_000);
    after.nativeAt(0).begin(0);
    after.nativeAt(0).add(1, 0, 3);
    Exemplars exemplars = new Exemplars();
    exemplars.offer(0, 0, 0xA1B, 0, 0, 99_000);
    exemplars.offer(1, 0, 0xA1C, 0, 0, 2_000);
    exemplars.offer(2, 0, 0xA1D, 0, 0, 3_000); // the same time as the one before

    compatible.add(edge(), LAYOUT, NATIVE, before, after, exemplars, 0);

    assertThat(exemplars(Request.parseFrom(compatible.toByteArray())))
        .hasSize(2)
        .allMatch(text -> text.startsWith("trace a1"))
        .first(as(InstanceOfAssertFactories.STRING))
        .endsWith("@10001");
    assertThat(exemplars(Request.parseFrom(compatible.toByteArray())))
        .contains("trace a1b 0.0@20000");
  }

  private static List<String> exemplars(Request request) {
    return request.getTimeseriesList().stream()
        .flatMap(series -> series.getExemplarsList().stream())
        .map(
            exemplar ->
                exemplar.getLabelsRefsList().stream()
                        .map(request::getSymbols)
                        .collect(Collectors.joining(" "))
                    + " %s@%d".formatted(exemplar.getValue(), exemplar.getTimestamp()))
        .toList();
  }

  @Test
  void shouldWriteANativeHistogramInSpansOfBuckets() throws InvalidProtocolBufferException {
    SampleBatch natives =
        new SampleBatch(ExemplarFormat.DEFAULT, SampleNaming.DEFAULT, 10_000, 20_000);
    after.nativeAt(0).begin(3);
    after.nativeAt(0).countSince(1);
    after.nativeAt(0).addSum(0, 2_500_000_000L);
    after.nativeAt(0).addZero(0, 2);
    for (int index : new int[] {-3, -2, 5}) {
      after.nativeAt(0).add(index, 0, 4 + index);
    }

    natives.add(edge(), LAYOUT, NATIVE, before, after, new Exemplars(), 0);

    TimeSeries series = Request.parseFrom(natives.toByteArray()).getTimeseries(0);
    assertThat(series.getMetadata().getType()).isEqualTo(Metadata.MetricType.METRIC_TYPE_HISTOGRAM);
    assertThat(series.getHistogramsList())
        .extracting(Histogram::getTimestamp, Histogram::getCountInt, Histogram::getStartTimestamp)
        .containsExactly(tuple(10_000L, 0L, 10_000L), tuple(20_000L, 14L, 10_000L));
    Histogram histogram = series.getHistograms(1);
    assertThat(histogram.getSum()).isEqualTo(2.5);
    assertThat(histogram.getZeroCountInt()).isEqualTo(2);
    assertThat(histogram.getPositiveDeltasList()).containsExactly(1L, 1L, 7L);
    assertThat(histogram.getPositiveSpansList())
        .extracting(BucketSpan::getOffset, BucketSpan::getLength)
        .containsExactly(tuple(-3, 2), tuple(6, 1));
  }

  @Test
  void shouldEndANativeHistogramAsOne() throws InvalidProtocolBufferException {
    SampleBatch natives =
        new SampleBatch(ExemplarFormat.DEFAULT, SampleNaming.DEFAULT, 10_000, 20_000);
    after.nativeAt(1).begin(3);
    after.nativeAt(1).addZero(0, 2);

    natives.addStale(edge(), LAYOUT, NATIVE, after);

    TimeSeries series = Request.parseFrom(natives.toByteArray()).getTimeseries(0);
    assertThat(series.getSamplesCount()).isZero();
    assertThat(Double.doubleToRawLongBits(series.getHistograms(0).getSum()))
        .isEqualTo(0x7FF0000000000002L);
  }

  @Test
  void shouldEndWhatIsDeselectedOfALabelSetThatGoesOn() throws InvalidProtocolBufferException {
    after.amounts().add(0, 0, 2);
    after.nativeAt(1).begin(3);
    after.nativeAt(1).addZero(0, 2);

    batch.addDeselected(edge(), LAYOUT, NATIVE.without(MetricSelection.ALL), after);
    batch.add(edge(), LAYOUT, MetricSelection.ALL, after, after, new Exemplars(), 0);

    assertThat(batch.labelSets()).isEqualTo(1);
    assertThat(parsed().getTimeseriesList())
        .extracting(TimeSeries::getHistogramsCount, TimeSeries::getSamplesCount)
        .containsExactly(tuple(1, 0), tuple(0, 1));
  }

  @Test
  void shouldBeginItsSymbolsWithTheEmptyString() throws InvalidProtocolBufferException {
    assertThat(parsed().getSymbolsList()).containsExactly("");
  }

  @Test
  void shouldTellHowManySeriesItMakes() throws InvalidProtocolBufferException {
    after.amounts().add(0, 0, 2);
    after.amounts().add(MetricGroup.SERVICE_GRAPH.sumIndex(1, BOUNDS.buckets()) + 2, 0, 2);

    batch.add(edge(), LAYOUT, MetricSelection.ALL, before, after, new Exemplars(), 0);

    assertThat(
            SampleBatch.series(
                MetricGroup.SERVICE_GRAPH, BOUNDS.buckets(), after, MetricSelection.ALL))
        .isEqualTo(parsed().getTimeseriesCount())
        .isEqualTo(1 + 5);
  }

  @Test
  void shouldPutExternalLabelsInPlaceOfASeriesOwn() throws InvalidProtocolBufferException {
    batch =
        batch(
            new SampleNaming(
                "hosts", new ExternalLabels(Map.of("a", "1", "client", "x", "z", "2"), "tenant")));
    after.amounts().add(0, 0, 3);

    batch.add(edge(), LAYOUT, MetricSelection.ALL, after, after, new Exemplars(), 10_000);

    assertThat(samples())
        .containsExactly(
            "__name__=traces_service_graph_request_total a=1 client=x server=b tenant=t z=2"
                + " 3.0@20000");
  }

  @Test
  void shouldCallHostsAsASettingSays() throws InvalidProtocolBufferException {
    batch = batch(new SampleNaming("hosts", ExternalLabels.NONE));
    Tally one = new Tally(1);
    one.amounts().add(0, 0, 1);

    batch.add(
        edge(MetricGroup.HOST_INFO),
        LAYOUT,
        MetricSelection.ALL,
        one,
        one,
        new Exemplars(),
        10_000);

    assertThat(samples()).containsExactly("__name__=hosts client=a server=b 1.0@20000");
  }

  /** The outbox is kept longer than releases: what one wrote every later one sends. */
  @Test
  void shouldKeepTheBytesOfTheOutbox() {
    MetricSelection everything = new MetricSelection(Set.of(0, 1), true, true);
    after.amounts().add(0, 0, 3);
    after.amounts().add(MetricGroup.SERVICE_GRAPH.sumIndex(0, BOUNDS.buckets()), 0, 250_000_000);
    after.amounts().add(MetricGroup.SERVICE_GRAPH.sumIndex(0, BOUNDS.buckets()) + 2, 0, 1);
    after.nativeAt(0).begin(3);
    after.nativeAt(0).add(-16, 0, 1);
    Exemplars exemplars = new Exemplars();
    exemplars.offer(1, 0, 0xA1B, 0xC, 250_000_000, 15_000);

    batch.add(edge(), LAYOUT, everything, before, after, exemplars, 10_000);
    batch.addStale(edge(), LAYOUT, everything, after);

    assertThat(HexFormat.of().formatHex(batch.toByteArray()))
        .isEqualTo(HexFormat.of().formatHex(Golden.bytes("sample-batch-v1.hex")));
  }

  private static SampleBatch batch(SampleNaming naming) {
    return new SampleBatch(ExemplarFormat.DEFAULT, naming, 10_000, 20_000);
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
