package dev.weir.streams.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What both stages promise, for many seeds. {@code -Dweir.simulator.seeds=N} tries N of them,
 * {@code -Dweir.simulator.seed=X} only one.
 */
class SimulatorTest {
  private static final long SEEDS = Long.getLong("weir.simulator.seeds", 1000);
  private static final Long ONE_SEED = Long.getLong("weir.simulator.seed");

  /** Something that is promised for every seed. */
  @FunctionalInterface
  private interface Promise {
    void holds(long seed) throws InvalidProtocolBufferException;
  }

  /** Tries all seeds, on all processors; runs have nothing in common. */
  private static void forEachSeed(Promise promise) {
    LongStream seeds = ONE_SEED == null ? LongStream.range(0, SEEDS) : LongStream.of(ONE_SEED);
    seeds
        .parallel()
        .forEach(
            seed -> {
              try {
                promise.holds(seed);
              } catch (InvalidProtocolBufferException e) {
                throw new AssertionError("seed " + seed, e);
              }
            });
  }

  @Test
  void shouldWriteTheSameBytesHoweverCommitsAndCrashesFall() {
    forEachSeed(
        seed -> {
          Scenario unlimited = Scenario.of(seed);
          Scenario scenario = seed % 2 == 0 ? unlimited : unlimited.limited(seed);
          int shards = shards(seed);
          Simulation.Outcome one = Simulation.run(scenario, shards, seed);
          Simulation.Outcome other = Simulation.run(scenario, shards, ~seed);

          assertSameOutbox(seed, one, other);
        });
  }

  @Test
  void shouldWriteTheSamplesOfThePlainModelWhateverTheNumberOfShards() {
    forEachSeed(
        seed -> {
          Scenario scenario = Scenario.of(seed);
          ReferenceModel model = new ReferenceModel(scenario);
          for (int shards : List.of(1, 1 + shards(seed))) {
            Simulation.Outcome outcome = Simulation.run(scenario, shards, seed + shards);

            assertSameSamples(seed, shards, Samples.read(outcome.outbox()), model.samples());
            assertThat(outcome.lateDeltas()).as("late deltas, seed %d", seed).isZero();
            assertBooks(seed, outcome, model);
          }
        });
  }

  @Test
  void shouldLoseNothingToLimits() {
    forEachSeed(
        seed -> {
          Scenario scenario = Scenario.of(seed).unweighted();
          Simulation.Outcome outcome = Simulation.run(scenario.limited(seed), shards(seed), seed);

          assertThat(Samples.growth(Samples.read(outcome.outbox())))
              .as("growth, seed %d", seed)
              .isEqualTo(Samples.growth(new ReferenceModel(scenario).samples()));
        });
  }

  private static int shards(long seed) {
    return new SplittableRandom(seed).split().nextInt(1, 6);
  }

  private static void assertSameOutbox(
      long seed, Simulation.Outcome one, Simulation.Outcome other) {
    for (int shard = 0; shard < one.outbox().size(); shard++) {
      List<OutboxRecord> expected = one.outbox().get(shard);
      List<OutboxRecord> actual = other.outbox().get(shard);
      for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
        assertThat(actual.get(i))
            .as("seed %d, shard %d, record %d of the outbox", seed, shard, i)
            .isEqualTo(expected.get(i));
      }
      assertThat(actual.size())
          .as("seed %d, shard %d, records of the outbox", seed, shard)
          .isEqualTo(expected.size());
    }
  }

  private static void assertSameSamples(
      long seed,
      int shards,
      Map<Samples.Id, Samples.Value> actual,
      Map<Samples.Id, Samples.Value> expected) {
    if (actual.equals(expected)) {
      return;
    }
    TreeSet<Samples.Id> all = new TreeSet<>(expected.keySet());
    all.addAll(actual.keySet());
    List<String> differences = new ArrayList<>();
    for (Samples.Id id : all) {
      if (!java.util.Objects.equals(actual.get(id), expected.get(id))) {
        differences.add(
            "%s%n  is        %s%n  should be %s".formatted(id, actual.get(id), expected.get(id)));
      }
    }
    assertThat(differences.get(0))
        .as("seed %d, %d shards, first of %d differences", seed, shards, differences.size())
        .isNull();
  }

  private static void assertBooks(long seed, Simulation.Outcome outcome, ReferenceModel model) {
    Books books = outcome.books();
    assertThat(books).as("books, seed %d", seed).hasToString(model.books().toString());
    assertThat(outcome.waiting()).as("waiting, seed %d", seed).isEqualTo(model.waiting());
    assertThat(books.sum("counted", "discarded"))
        .as("received, seed %d", seed)
        .isEqualTo(books.sum("received"));
    assertThat(
            2 * books.sum("paired")
                + books.sum("further", "single", "virtual", "unpaired")
                + outcome.waiting())
        .as("half edges, seed %d", seed)
        .isEqualTo(books.sum("half edges", "links"));
  }
}
