package dev.weir.streams.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What is learned of labels while tasks die and come back, and while the learner does, for many
 * seeds; {@code -Dweir.simulator.seeds=N} tries a tenth of N.
 */
class LearnedLabelsTest {
  private static final long SEEDS = Long.getLong("weir.simulator.seeds", 1000) / 10;

  @Test
  void shouldWriteTheSameBytesInAReplay() {
    LongStream.range(0, SEEDS)
        .parallel()
        .forEach(
            seed -> {
              Scenario scenario = Scenario.of(seed);
              LearnedLabels labels = new LearnedLabels(scenario, seed);
              int shards = shards(seed);

              Simulation.Outcome live = Simulation.run(scenario, labels, shards, seed);
              labels.end();
              Simulation.Outcome replay = Simulation.run(scenario, labels, shards, ~seed);

              assertThat(replay.outbox()).as("outbox, seed %d", seed).isEqualTo(live.outbox());
            });
  }

  @Test
  void shouldLoseNothingAndResetNothing() throws InvalidProtocolBufferException {
    int rewritten = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      Scenario scenario = Scenario.of(seed).unweighted();
      Map<Samples.Id, Samples.Value> as =
          Samples.read(Simulation.run(scenario, shards(seed), seed).outbox());
      LearnedLabels labels = new LearnedLabels(scenario, seed);
      Map<Samples.Id, Samples.Value> is =
          Samples.read(Simulation.run(scenario, labels, shards(seed), seed).outbox());

      assertThat(Samples.growth(is)).as("growth, seed %d", seed).isEqualTo(Samples.growth(as));
      rewritten += series(is).stream().anyMatch(LearnedLabelsTest::isRewritten) ? 1 : 0;
      assertNoReset(seed, is);
    }
    assertThat(rewritten)
        .as("runs in which something was rewritten")
        .isGreaterThan((int) SEEDS / 9);
  }

  /**
   * A series begins anew only after its end was told, and does not go back before; but for native
   * histograms, which may be reset whatever their labels are.
   */
  private static void assertNoReset(long seed, Map<Samples.Id, Samples.Value> samples) {
    Map<String, Samples.Value> last = new HashMap<>();
    new TreeMap<>(samples)
        .forEach(
            (id, value) -> {
              Samples.Value before = last.put(id.tenant() + id.series(), value);
              boolean isNative = !value.histogram().startsWith("[") && !value.histogram().isEmpty();
              if (before != null && !isEnd(before) && !isEnd(value) && !isNative) {
                assertThat(value.startMillis())
                    .as("begin of %s, seed %d", id, seed)
                    .isEqualTo(before.startMillis());
                assertThat(value.number())
                    .as("%s, seed %d", id, seed)
                    .isGreaterThanOrEqualTo(before.number());
              }
            });
  }

  private static boolean isEnd(Samples.Value value) {
    return Double.isNaN(value.number());
  }

  private static Set<String> series(Map<Samples.Id, Samples.Value> samples) {
    Set<String> series = new HashSet<>();
    samples.keySet().forEach(id -> series.add(id.series()));
    return series;
  }

  private static boolean isRewritten(String series) {
    return List.of("<_>", "__cardinality_overflow__").stream().anyMatch(series::contains);
  }

  private static int shards(long seed) {
    return new SplittableRandom(seed).split().nextInt(1, 6);
  }
}
