package dev.weir.streams.servicegraph;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.delta.DeltaBatchReader;
import dev.weir.schemas.delta.DeltaBatchWriter;
import dev.weir.schemas.delta.Tally;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.streams.Golden;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.LabelRules;
import dev.weir.streams.series.MetricSelection;
import dev.weir.streams.series.NativeSettings;
import dev.weir.streams.series.SeriesSettings;
import dev.weir.streams.weight.WeightSettings;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightedHalfEdgeTest {
  private static final WeightSettings WEIGHTS = new WeightSettings("", true, true);
  private static final byte[] TENANT = {'t'};

  private final GraphNodes nodes = new GraphNodes();
  private final Edges edges =
      new Edges(
          TENANT,
          EdgeSettings.PLAIN,
          new SeriesSettings(MetricSelection.ALL, WEIGHTS, NativeSettings.DEFAULT, false),
          new HistogramBounds(List.of(1.0)),
          1,
          LabelRules.NONE,
          nodes);

  @Test
  void shouldWeighAnEdgeAsItsClientOrElseItsServer() {
    edges.paired(half(HalfEdge.CLIENT, 4), half(HalfEdge.SERVER, 2), false);
    edges.paired(half(HalfEdge.CLIENT, 0), half(HalfEdge.SERVER, 0.5), false);
    edges.paired(half(HalfEdge.CLIENT, 0), half(HalfEdge.SERVER, 0), false);

    assertThat(requests()).isEqualTo(5.5);
  }

  @Test
  void shouldKeepTheLayoutOfVersion5() {
    HalfEdgeBatch batch = new HalfEdgeBatch(nodes).begin(1);
    batch.half(12_000, half(HalfEdge.CLIENT, 1.5));

    assertThat(HexFormat.of().formatHex(batch.toByteArray()))
        .isEqualTo(HexFormat.of().formatHex(Golden.bytes("half-edges-weighted-v5.hex")));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5})
  void shouldReadTheLayoutOfAVersion(int version) {
    ServiceGraph graph = new ServiceGraph(Pairing.PLAIN, 10_000, new Room(10, 10), nodes);
    new ServiceGraph.Restorer(graph)
        .batch(1, Golden.bytes("half-edges-weighted-v%d.hex".formatted(version)), 2_000);

    assertThat(graph.waiting()).isEqualTo(1);
    graph.expire(
        12_000,
        new ServiceGraph.EdgesByTenant() {
          @Override
          public Edges of(byte[] buffer, int tenantOffset, int tenantLength) {
            return edges;
          }

          @Override
          public void creditTo(long instantMillis) {
            assertThat(instantMillis).isEqualTo(12_000);
          }
        });
    assertThat(requests()).isEqualTo(1.5);
  }

  private HalfEdge half(int kind, double weight) {
    ByteWriter bytes = new ByteWriter(64);
    HalfEdge.begin(bytes, kind, weight > 0 ? HalfEdge.WEIGHTED : 0, 7, 9);
    if (weight > 0) {
      bytes.fixed64(Double.doubleToRawLongBits(weight));
    }
    for (String text : List.of("t", "trace", "span", "bank")) {
      bytes.prefixed(text.getBytes(UTF_8));
    }
    byte[] node = "\4cart".getBytes(UTF_8);
    bytes.uvarint(nodes.number(node, 0, node.length));
    return new HalfEdge(nodes).at(bytes.bytes(), 0, bytes.length());
  }

  private double requests() {
    DeltaBatchWriter writer = new DeltaBatchWriter();
    edges.drain(
        (shard, group, flags, labels, offset, length) ->
            writer.labelSet(0, TENANT, group, flags, labels, offset, length));
    DeltaBatchReader reader = new DeltaBatchReader(writer.finish(0, 1, 0));
    double requests = 0;
    while (reader.next()) {
      Tally tally = new Tally(reader.group().vectorLength(2));
      reader.addTo(tally);
      requests += tally.inUnits(tally.amounts().asDouble(0));
    }
    return requests;
  }
}
