package dev.weir.streams.simulator;

import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.streams.aggregate.AggregateSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * One run of both stages over a log. A seed decides who works when, which tasks share an instance
 * (and so a transaction), when it commits, when it crashes, and how the batches of transactions
 * that are open at the same time interleave.
 */
final class Simulation {

  /**
   * What a run left behind.
   *
   * @param outbox by shard, in order
   * @param waiting half edges that still wait
   * @param lateDeltas deltas that met a closed window, of which there must be none
   * @param commits how often a transaction was committed
   * @param crashes how often one was lost
   */
  record Outcome(
      List<List<OutboxRecord>> outbox,
      Books books,
      int waiting,
      long lateDeltas,
      int commits,
      int crashes) {}

  private static final int MAX_STEPS = 100_000;

  private final SplittableRandom random;
  private final List<Sender> senders = new ArrayList<>();
  private final List<PairingTask> pairings = new ArrayList<>();
  private final List<MergeTask> merges = new ArrayList<>();
  private final Books books = new Books();
  private final List<List<Task>> instances = new ArrayList<>();
  private final int commitPercent;
  private final int crashPercent;
  private int commits;
  private int crashes;

  private Simulation(Scenario scenario, SimulatedTenants tenants, int shards, long seed) {
    this.random = new SplittableRandom(seed);
    AggregateSettings settings = scenario.aggregateSettings(shards);
    SpanLog log = scenario.log();
    for (int partition = 0; partition < log.partitions().size(); partition++) {
      senders.add(new AggregateTask(settings, tenants, partition, log));
    }
    for (int i = 0; i < settings.pairingPartitions(); i++) {
      pairings.add(new PairingTask(settings, tenants, i, log.atFirst()));
    }
    senders.addAll(pairings);
    for (int shard = 0; shard < shards; shard++) {
      merges.add(new MergeTask(scenario.mergeSettings(shards), tenants, shard, random.split()));
    }
    this.commitPercent = List.of(2, 10, 40).get(random.nextInt(3));
    this.crashPercent = List.of(0, 2, 8).get(random.nextInt(3));
    rebalance();
  }

  static Outcome run(Scenario scenario, int shards, long seed) {
    return run(scenario, scenario.tenants()::at, shards, seed);
  }

  /** One with other settings of tenants than those of the scenario. */
  static Outcome run(Scenario scenario, SimulatedTenants tenants, int shards, long seed) {
    return new Simulation(scenario, tenants, shards, seed).run();
  }

  private Outcome run() {
    for (int steps = 0; !isDone(); steps++) {
      if (steps == MAX_STEPS) {
        throw new AssertionError("the work does not end: %d steps, %s".formatted(steps, books));
      }
      List<Task> instance = instances.get(random.nextInt(instances.size()));
      int dice = random.nextInt(100);
      if (dice < commitPercent) {
        commit(instance);
      } else if (dice < commitPercent + crashPercent) {
        crash(instance);
      } else {
        instance.get(random.nextInt(instance.size())).step();
      }
    }
    return new Outcome(
        merges.stream().map(MergeTask::outbox).toList(),
        books,
        senders.stream().mapToInt(Sender::waiting).sum(),
        merges.stream().mapToLong(MergeTask::lateDeltas).sum(),
        commits,
        crashes);
  }

  private boolean isDone() {
    return senders.stream().allMatch(Task::isDone) && merges.stream().allMatch(Task::isDone);
  }

  private void commit(List<Task> instance) {
    commits++;
    instance.forEach(Task::flush);
    if (crashPercent > 0 && random.nextInt(20) == 0) {
      crash(instance);
      return;
    }
    instance.forEach(Task::commit);
    publish(instance);
    if (random.nextInt(10) == 0) {
      instances.stream().filter(other -> !other.equals(instance)).forEach(this::hastenCommit);
      rebalance();
    }
  }

  /** A rebalance takes tasks away from everybody, who commit before, or lose what they have. */
  private void hastenCommit(List<Task> instance) {
    if (crashPercent > 0 && random.nextInt(4) == 0) {
      crash(instance);
    } else {
      instance.forEach(Task::flush);
      instance.forEach(Task::commit);
      publish(instance);
    }
  }

  private void crash(List<Task> instance) {
    crashes++;
    instance.forEach(Task::crash);
  }

  /** What transactions wrote becomes visible: each task's batches in order, all tasks' mixed. */
  private void publish(List<Task> instance) {
    List<Sender> sending = new ArrayList<>();
    for (Sender sender : senders) {
      if (instance.contains(sender)) {
        sender.takeLedger().forEach(this::enter);
        sending.add(sender);
      }
    }
    sending.removeIf(sender -> sender.sent().isEmpty());
    while (!sending.isEmpty()) {
      Sender sender = sending.get(random.nextInt(sending.size()));
      deliver(sender.sent().removeFirst());
      sending.removeIf(other -> other.sent().isEmpty());
    }
  }

  private void deliver(AggregateTask.Sent next) {
    if (next.isHalfEdges()) {
      pairings.get(next.to()).receive(next.batch());
    } else {
      merges.get(next.to()).receive(next.batch());
    }
  }

  private void enter(LedgerEntry entry) {
    books.add(entry);
  }

  private void rebalance() {
    int count = random.nextInt(1, senders.size() + merges.size() + 1);
    instances.clear();
    IntStream.range(0, count).forEach(i -> instances.add(new ArrayList<>()));
    senders.forEach(task -> instances.get(random.nextInt(count)).add(task));
    merges.forEach(task -> instances.get(random.nextInt(count)).add(task));
    instances.removeIf(List::isEmpty);
  }
}
