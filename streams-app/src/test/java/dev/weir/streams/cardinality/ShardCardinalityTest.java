package dev.weir.streams.cardinality;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.delta.SeriesKey;
import dev.weir.schemas.layout.ByteWriter;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardCardinalityTest {
  private static final int SHARDS = 8;
  private static final long WINDOWS_IN_SLOT = 20;

  private final CardinalityReport report = new CardinalityReport();
  private final ShardCardinality[] shards =
      IntStream.range(0, SHARDS)
          .mapToObj(
              shard ->
                  new ShardCardinality(Duration.ofSeconds(15), Duration.ofMinutes(15), group -> 19))
          .toArray(ShardCardinality[]::new);

  ShardCardinalityTest() {
    IntStream.range(0, SHARDS).forEach(shard -> report.shard(shard, shards[shard]));
  }

  @Test
  void shouldEstimateDemandOverAllShards() {
    IntStream.range(0, 20_000).forEach(i -> grew("acme", "op" + i, "v", 100));
    IntStream.range(0, 20_000).forEach(i -> grew("acme", "op" + i, "v", 101));

    Demand demand = report.tenant("acme").orElseThrow().demand();

    assertThat(demand.entities()).isCloseTo(20_000, within(1_000L));
    assertThat(demand.series()).isEqualTo(19 * demand.entities());
  }

  @Test
  void shouldCountFewExactly() {
    IntStream.range(0, 100).forEach(i -> grew("acme", "op" + i, "v" + i % 7, 100));

    assertThat(report.tenant("acme").orElseThrow())
        .isEqualTo(
            new TenantCardinality(
                "acme",
                new Demand(1900, 100),
                java.util.List.of(
                    new LabelCardinality("span_name", 100, example("span_name")),
                    new LabelCardinality("zone", 7, example("zone")))));
  }

  private String example(String label) {
    return report.tenant("acme").orElseThrow().labels().stream()
        .filter(known -> known.label().equals(label))
        .map(LabelCardinality::exampleSpanName)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldShowASpanThatBroughtANewValue() {
    grew("acme", "GET /", "a", 100);
    grew("acme", "GET /cart", "b", 101);
    grew("acme", "GET /again", "b", 102);

    assertThat(example("zone")).isIn("GET /", "GET /cart", "GET /again");
    assertThat(example("span_name")).isNotEmpty();
  }

  @Test
  void shouldForgetWhatHasNotGrownForAsLongAsASeriesLasts() {
    IntStream.range(0, 50).forEach(i -> grewIn(0, "acme", "op" + i, "v", 100));
    grewIn(0, "acme", "other", "v", 100 + 4 * WINDOWS_IN_SLOT);

    assertThat(report.tenant("acme").orElseThrow().demand().entities()).isEqualTo(1);

    grewIn(0, "zeta", "other", "v", 100 + 8 * WINDOWS_IN_SLOT);

    assertThat(report.tenants()).extracting(TenantCardinality::tenant).containsExactly("zeta");
  }

  @Test
  void shouldNotKnowAShardThatLeft() {
    grewIn(0, "acme", "a", "v", 100);

    report.shardLeft(0);

    assertThat(report.tenants()).isEmpty();
  }

  private void grew(String tenant, String name, String zone, long window) {
    SeriesKey key = key(tenant, name, zone);
    shards[SeriesKey.shard(key.hash(), SHARDS)].grew(key, window);
  }

  private void grewIn(int shard, String tenant, String name, String zone, long window) {
    shards[shard].grew(key(tenant, name, zone), window);
  }

  private static SeriesKey key(String tenant, String name, String zone) {
    byte[] labels =
        new ByteWriter(0)
            .prefixed("span_name".getBytes(UTF_8))
            .prefixed(name.getBytes(UTF_8))
            .prefixed("zone".getBytes(UTF_8))
            .prefixed(zone.getBytes(UTF_8))
            .toByteArray();
    return SeriesKey.of(
        tenant.getBytes(UTF_8),
        MetricGroup.SPAN_METRICS,
        labels,
        0,
        labels.length,
        new ByteWriter(64));
  }
}
