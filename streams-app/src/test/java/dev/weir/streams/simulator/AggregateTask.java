package dev.weir.streams.simulator;

import com.google.protobuf.ByteString;
import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.streams.aggregate.AggregateOutput;
import dev.weir.streams.aggregate.AggregateSettings;
import dev.weir.streams.aggregate.PartitionAggregate;
import dev.weir.streams.simulator.SpanLog.LogRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first stage of one partition with its transaction. */
final class AggregateTask implements Sender {

  /**
   * A batch of deltas on its way to a shard, or a bundle of half edges on its way to where they are
   * paired.
   */
  record Sent(boolean isHalfEdges, int to, ByteString batch) {}

  private final AggregateSettings settings;
  private final SimulatedTenants tenants;
  private final Observed observed = new Observed();
  private final int partition;
  private final SpanLog spans;
  private final List<List<LogRecord>> log;
  private final MiniStore store = new MiniStore();
  private final Deque<Sent> sent = new ArrayDeque<>();
  private final List<LedgerEntry> ledger = new ArrayList<>();
  private @Nullable PartitionAggregate running;
  private int position;
  private int committed;

  AggregateTask(
      AggregateSettings settings, SimulatedTenants tenants, int partition, SpanLog spans) {
    this.settings = settings;
    this.tenants = tenants;
    this.partition = partition;
    this.spans = spans;
    this.log = spans.partitions();
  }

  /** After a crash it is back when it has work. */
  private PartitionAggregate aggregate() {
    if (running == null) {
      running = fromStore();
    }
    return running;
  }

  private PartitionAggregate fromStore() {
    AggregateOutput output =
        new AggregateOutput() {
          @Override
          public void deltas(int shard, byte[] batch) {
            sent.add(new Sent(false, shard, ByteString.copyFrom(batch)));
          }

          @Override
          public void halfEdges(int to, byte[] bundle) {
            sent.add(new Sent(true, to, ByteString.copyFrom(bundle)));
          }

          @Override
          public void labelObservations(byte[] tenant, byte[] observations) {
            observed.add(tenant, observations);
          }

          @Override
          public void ledger(LedgerEntry entry) {
            ledger.add(entry);
          }
        };
    return new PartitionAggregate(settings, tenants, partition, spans.atFirst(), store, output);
  }

  @Override
  public void step() {
    if (position < log.get(partition).size()) {
      LogRecord record = log.get(partition).get(position);
      if (record.givesUp()) {
        aggregate().giveUpTo(record.timestampMillis());
      } else if (record.growsTo() > 0) {
        aggregate().grown(record.timestampMillis(), spans.atFirst(), record.growsTo());
      } else if (record.isMark()) {
        aggregate().mark(record.timestampMillis());
      } else {
        byte[] tenant = record.tenant().getBytes(StandardCharsets.UTF_8);
        aggregate()
            .accept(tenant, record.value().toByteArray(), record.timestampMillis(), position);
      }
      position++;
    }
  }

  @Override
  public void flush() {
    if (running != null) {
      running.flush();
    }
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
    running = null;
  }

  @Override
  public boolean isDone() {
    return committed == log.get(partition).size();
  }

  @Override
  public Deque<Sent> sent() {
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
    return aggregate().waitingHalfEdges();
  }
}
