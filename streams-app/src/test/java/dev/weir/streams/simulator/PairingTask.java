package dev.weir.streams.simulator;

import com.google.protobuf.ByteString;
import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.streams.aggregate.AggregateOutput;
import dev.weir.streams.aggregate.AggregateSettings;
import dev.weir.streams.aggregate.PartitionPairing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The pairing of one partition of half edges with its transaction. */
final class PairingTask implements Sender, AggregateOutput {
  private final AggregateSettings settings;
  private final SimulatedTenants tenants;
  private final Observed observed = new Observed();
  private final int partition;
  private final int sources;
  private final MiniStore store = new MiniStore();
  private final List<ByteString> input = new ArrayList<>();
  private final Deque<AggregateTask.Sent> sent = new ArrayDeque<>();
  private final List<LedgerEntry> ledger = new ArrayList<>();
  private PartitionPairing pairing;
  private int position;
  private int committed;

  PairingTask(AggregateSettings settings, SimulatedTenants tenants, int partition, int sources) {
    this.settings = settings;
    this.tenants = tenants;
    this.partition = partition;
    this.sources = sources;
    this.pairing = fromStore();
  }

  private PartitionPairing fromStore() {
    return new PartitionPairing(settings, tenants, partition, sources, store, this);
  }

  /** A committed bundle of half edges arrives. */
  void receive(ByteString bundle) {
    input.add(bundle);
  }

  @Override
  public void deltas(int shard, byte[] batch) {
    sent.add(new AggregateTask.Sent(false, shard, ByteString.copyFrom(batch)));
  }

  @Override
  public void labelObservations(byte[] tenant, byte[] observations) {
    observed.add(tenant, observations);
  }

  @Override
  public void ledger(LedgerEntry entry) {
    ledger.add(entry);
  }

  @Override
  public void step() {
    if (position < input.size()) {
      pairing.accept(input.get(position).toByteArray());
      position++;
    }
  }

  @Override
  public void flush() {
    pairing.flush();
  }

  @Override
  public void commit() {
    store.commit();
    committed = position;
    observed.commit(tenants);
  }

  @Override
  public void crash() {
    store.rollBack();
    sent.clear();
    ledger.clear();
    observed.crash();
    position = committed;
    pairing = fromStore();
  }

  @Override
  public boolean isDone() {
    return committed == input.size();
  }

  @Override
  public Deque<AggregateTask.Sent> sent() {
    return sent;
  }

  @Override
  public List<LedgerEntry> takeLedger() {
    List<LedgerEntry> taken = List.copyOf(ledger);
    ledger.clear();
    return taken;
  }

  @Override
  public int waiting() {
    return pairing.waitingHalfEdges();
  }
}
