package dev.weir.streams.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.Golden;
import dev.weir.streams.outbox.ExemplarFormat;
import dev.weir.streams.outbox.SampleNaming;
import dev.weir.streams.series.BucketLayout;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.SeriesLimits;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardProgressTest {
  private static final MergeSettings SETTINGS = settings(15, 0.1);
  private static final BucketLayout CHANGED =
      BucketLayout.of(new HistogramBounds(List.of(0.1, 1.0)))
          .changedTo(new HistogramBounds(List.of(0.1, 2.0)), 100);

  @Test
  void shouldWaitForEverySourcePartition() {
    ShardProgress progress = new ShardProgress(SETTINGS);
    progress.grew(100);
    progress.heard(0, 2, 103);
    assertThat(progress.closable()).isEmpty();

    progress.heard(1, 2, 101);

    assertThat(progress.closable()).hasValue(100);
    progress.closed();
    assertThat(progress.closable()).isEmpty();
  }

  @Test
  void shouldNotBeginInTheYear1970BecauseNothingIsCompleteYet() {
    ShardProgress progress = new ShardProgress(SETTINGS);
    progress.grew(100);
    progress.heard(0, 1, 0);
    assertThat(progress.closable()).isEmpty();

    progress.heard(0, 1, 101);

    assertThat(progress.closable()).hasValue(100);
  }

  @Test
  void shouldWaitForPartitionsThatWereAdded() {
    ShardProgress progress = new ShardProgress(SETTINGS);
    progress.grew(100);
    progress.heard(0, 1, 101);
    progress.heard(0, 3, 102);

    assertThat(progress.closable()).isEmpty();
  }

  @Test
  void shouldTakeNoGrowthForTheWindowThatIsBeingClosed() {
    ShardProgress progress = new ShardProgress(SETTINGS);
    progress.grew(100);
    progress.heard(0, 1, 102);
    progress.closable();
    assertThat(progress.firstOpen()).isEqualTo(100);

    progress.movedTo(new byte[] {1});
    assertThat(progress.firstOpen()).isEqualTo(101);

    progress.closed();
    assertThat(progress.firstOpen()).isEqualTo(101);
  }

  @Test
  void shouldKeepTheLayoutOfVersion2() {
    ShardProgress progress = new ShardProgress(SETTINGS);
    progress.layouts().numberOf(CHANGED);
    progress.grew(100);
    progress.heard(0, 3, 103);
    progress.heard(1, 3, 101);
    progress.heard(2, 3, 102);
    progress.closable();
    progress.heard(0, 4, 103);
    progress.movedTo(new byte[] {4, 5, 6});

    assertThat(HexFormat.of().formatHex(progress.write()))
        .isEqualTo(HexFormat.of().formatHex(Golden.bytes("shard-progress-v2.hex")));
  }

  @Test
  void shouldKnowItsBucketLayoutsAgain() {
    ShardProgress progress = new ShardProgress(SETTINGS);

    progress.read(Golden.bytes("shard-progress-v2.hex"));

    assertThat(progress.layouts().of(0)).isEqualTo(CHANGED);
    assertThat(progress.layouts().numberOf(CHANGED)).isZero();
    assertThat(progress.layouts().numberOf(BucketLayout.of(CHANGED.bounds()))).isEqualTo(1);
  }

  @Test
  void shouldTakeTheBoundsOfVersion1ForItsFirstLayouts() {
    ShardProgress progress = new ShardProgress(SETTINGS);

    progress.read(Golden.bytes("shard-progress-v1.hex"));

    int graph = ShardProgress.layoutOfVersion1(MetricGroup.SERVICE_GRAPH_MESSAGING);
    assertThat(progress.layouts().of(graph).bounds().seconds()).containsExactly(0.1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void shouldReadTheLayoutOfAVersion(int version) {
    ShardProgress progress = new ShardProgress(SETTINGS);

    progress.read(Golden.bytes("shard-progress-v%d.hex".formatted(version)));

    assertThat(progress.next()).hasValue(100);
    assertThat(progress.cursor()).containsExactly(4, 5, 6);
    assertThat(progress.closable()).isEmpty();
    progress.heard(3, 4, 102);
    assertThat(progress.closable()).hasValue(100);
  }

  @Test
  void shouldRefuseStateOfOtherWindows() {
    assertThatThrownBy(
            () -> new ShardProgress(settings(30, 0.1)).read(new ShardProgress(SETTINGS).write()))
        .isInstanceOf(StateMismatchException.class)
        .hasMessage(
            "window=30000ms, but this application id's state has windows of 15000ms;"
                + " keep that or take another application.id");
  }

  @Test
  void shouldRefuseStateOfVersion1WithOtherBuckets() {
    assertThatThrownBy(
            () -> new ShardProgress(settings(15, 0.2)).read(Golden.bytes("shard-progress-v1.hex")))
        .isInstanceOf(StateMismatchException.class)
        .hasMessage(
            "the histogram buckets differ from those of this application id's state, which an"
                + " earlier release has made; keep those until this release has run, and change"
                + " them then");
  }

  @Test
  void shouldRefuseAnotherVersion() {
    assertThatThrownBy(() -> new ShardProgress(SETTINGS).read(new byte[] {7}))
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessage("shard state of version 7; this program reads versions 1 to 2");
  }

  private static MergeSettings settings(long windowSeconds, double bound) {
    return new MergeSettings(
        Duration.ofSeconds(windowSeconds),
        20,
        Map.of(
            MetricGroup.SPAN_METRICS,
            new HistogramBounds(List.of(bound, 1.0)),
            MetricGroup.SERVICE_GRAPH,
            new HistogramBounds(List.of(bound))),
        Map.of(),
        ExemplarFormat.DEFAULT,
        SampleNaming.DEFAULT,
        1,
        SeriesLimits.NONE);
  }
}
