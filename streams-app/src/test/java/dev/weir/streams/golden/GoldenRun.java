package dev.weir.streams.golden;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.streams.aggregate.AggregateOutput;
import dev.weir.streams.aggregate.PartitionAggregate;
import dev.weir.streams.aggregate.PartitionPairing;
import dev.weir.streams.cardinality.ShardCardinality;
import dev.weir.streams.merge.ShardMerge;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.overrides.Versions;
import dev.weir.streams.simulator.Books;
import dev.weir.streams.simulator.MiniStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Both stages over the records of a case, in one thread. */
final class GoldenRun implements AggregateOutput {
  private static final int SLICES = 1000;

  private final GoldenCase golden;
  private final boolean commitsAfterEachRecord;
  private final List<MiniStore> partitions = new ArrayList<>();
  private final List<PartitionAggregate> aggregates = new ArrayList<>();
  private final List<MiniStore> pairingStores = new ArrayList<>();
  private final List<PartitionPairing> pairings = new ArrayList<>();
  private final List<MiniStore> shards = new ArrayList<>();
  private final List<ShardMerge> merges = new ArrayList<>();
  private final GoldenSamples samples;
  private final Versions versions;
  private final Books books = new Books();
  private final GoldenMeters meters = new GoldenMeters();
  private final List<ShardCardinality> cardinalities = new ArrayList<>();

  private GoldenRun(GoldenCase golden, boolean commitsAfterEachRecord) {
    this.golden = golden;
    this.commitsAfterEachRecord = commitsAfterEachRecord;
    this.samples = new GoldenSamples(golden);
    this.versions =
        new Versions(
            golden.settings().aggregate().window().toMillis(), golden.settings().tenants());
    golden.overrides().forEach(versions::add);
    int count =
        1 + golden.records().stream().mapToInt(GoldenCase.LogRecord::partition).max().orElse(0);
    for (int i = 0; i < count; i++) {
      partitions.add(new MiniStore());
    }
    partitions.forEach(store -> aggregates.add(aggregate(aggregates.size())));
    for (int i = 0; i < golden.settings().aggregate().pairingPartitions(); i++) {
      pairingStores.add(new MiniStore());
    }
    pairingStores.forEach(store -> pairings.add(pairing(pairings.size())));
    for (int i = 0; i < golden.settings().aggregate().shards(); i++) {
      shards.add(new MiniStore());
      cardinalities.add(golden.settings().merge().newCardinality());
      meters.meters().series().shard(i, cardinalities.get(i));
    }
    shards.forEach(store -> merges.add(merge(merges.size())));
  }

  /** What a run left behind. */
  record Outcome(
      Map<String, String> samples, Map<String, String> books, Map<String, String> meters) {}

  static Outcome of(GoldenCase golden, boolean commitsAfterEachRecord)
      throws InvalidProtocolBufferException {
    GoldenRun run = new GoldenRun(golden, commitsAfterEachRecord);
    run.run();
    return new Outcome(
        run.samples.texts(), run.booksOfDefaultTenant(), run.meters.named(golden.meters()));
  }

  private PartitionAggregate aggregate(int partition) {
    return new PartitionAggregate(
        golden.settings().aggregate(),
        tenants(),
        partition,
        partitions.size(),
        partitions.get(partition),
        this);
  }

  private PartitionPairing pairing(int partition) {
    return new PartitionPairing(
        golden.settings().aggregate(),
        tenants(),
        partition,
        partitions.size(),
        pairingStores.get(partition),
        this);
  }

  private ShardMerge merge(int shard) {
    return new ShardMerge(
        golden.settings().merge(),
        tenants(),
        shard,
        cardinalities.get(shard),
        shards.get(shard),
        (tenant, request) -> samples.add(new String(tenant, UTF_8), parsed(request)));
  }

  private SettingsByWindow tenants() {
    return golden.overrides().isEmpty()
        ? SettingsByWindow.always(golden.settings().tenants())
        : versions::at;
  }

  private static Request parsed(byte[] request) {
    try {
      return Request.parseFrom(request);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private void run() {
    long offset = 0;
    for (GoldenCase.LogRecord record : golden.records()) {
      aggregates
          .get(record.partition())
          .accept(
              record.tenant().getBytes(UTF_8),
              record.value().toByteArray(),
              record.millis(),
              offset++)
          .ifPresent(
              wrong -> {
                throw new IllegalArgumentException(wrong);
              });
      if (commitsAfterEachRecord) {
        commit();
      }
    }
    long end = golden.untilMillis() + golden.settings().aggregate().time().bound().toMillis();
    aggregates.forEach(aggregate -> aggregate.mark(end));
    commit();
  }

  /**
   * After a commit everything goes on from what is stored, but for what is known of cardinality,
   * which is kept on the heap.
   */
  private void commit() {
    aggregates.forEach(PartitionAggregate::flush);
    pairings.forEach(PartitionPairing::flush);
    for (int shard = 0; shard < merges.size(); shard++) {
      merges.get(shard).closeSlices(SLICES);
      meters.meters().series().usage(shard, merges.get(shard).takeUsage(), 0);
    }
    merges.forEach(ShardMerge::flush);
    aggregates.replaceAll(aggregate -> aggregate(aggregates.indexOf(aggregate)));
    pairings.replaceAll(pairing -> pairing(pairings.indexOf(pairing)));
    merges.replaceAll(merge -> merge(merges.indexOf(merge)));
  }

  @Override
  public void deltas(int shard, byte[] batch) {
    merges.get(shard).accept(batch);
  }

  @Override
  public void halfEdges(int partition, byte[] bundle) {
    pairings.get(partition).accept(bundle);
  }

  @Override
  public void ledger(LedgerEntry entry) {
    books.add(entry);
    meters.meters().booked(entry);
  }

  private Map<String, String> booksOfDefaultTenant() {
    Map<String, String> accounts = new TreeMap<>();
    books
        .of(GoldenCase.DEFAULT_TENANT)
        .forEach((account, amount) -> accounts.put(account, amount.toString()));
    return accounts;
  }
}
