package dev.weir.streams.simulator;

import com.google.protobuf.ByteString;
import dev.weir.streams.merge.MergeSettings;
import dev.weir.streams.merge.ShardMerge;
import dev.weir.streams.overrides.SettingsByWindow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The second stage of one shard with its transaction. */
final class MergeTask implements Task {
  private final MergeSettings settings;
  private final SettingsByWindow tenants;
  private final int shard;
  private final RandomGenerator random;
  private final MiniStore store = new MiniStore();
  private final List<ByteString> input = new ArrayList<>();
  private final List<OutboxRecord> uncommitted = new ArrayList<>();
  private final List<OutboxRecord> outbox = new ArrayList<>();
  private ShardMerge merge;
  private boolean hasMoreSlices;
  private int position;
  private int committed;

  MergeTask(MergeSettings settings, SettingsByWindow tenants, int shard, RandomGenerator random) {
    this.settings = settings;
    this.tenants = tenants;
    this.shard = shard;
    this.random = random;
    this.merge = fromStore();
  }

  private ShardMerge fromStore() {
    return new ShardMerge(
        settings,
        tenants,
        shard,
        settings.newCardinality(),
        store,
        (tenant, request) ->
            uncommitted.add(
                new OutboxRecord(
                    new String(tenant, StandardCharsets.UTF_8), ByteString.copyFrom(request))));
  }

  /** A committed batch of deltas arrives. */
  void receive(ByteString batch) {
    input.add(batch);
  }

  @Override
  public void step() {
    if (position < input.size() && random.nextBoolean()) {
      merge.accept(input.get(position).toByteArray());
      position++;
      hasMoreSlices = true;
    } else {
      hasMoreSlices = merge.closeSlices(random.nextInt(1, 4));
    }
  }

  @Override
  public void flush() {
    merge.flush();
  }

  @Override
  public void commit() {
    store.commit();
    committed = position;
    outbox.addAll(uncommitted);
    uncommitted.clear();
  }

  @Override
  public void crash() {
    store.rollBack();
    uncommitted.clear();
    position = committed;
    hasMoreSlices = true;
    merge = fromStore();
  }

  @Override
  public boolean isDone() {
    return committed == input.size() && !hasMoreSlices && uncommitted.isEmpty();
  }

  List<OutboxRecord> outbox() {
    return outbox;
  }

  long lateDeltas() {
    return merge.lateDeltas();
  }

  int storeSize() {
    return store.size();
  }
}
