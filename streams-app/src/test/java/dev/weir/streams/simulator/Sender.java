package dev.weir.streams.simulator;

import dev.weir.schemas.v1.LedgerEntry;
import java.util.Deque;
import java.util.List;

/** A task that others get their input from. */
interface Sender extends Task {

  /** What the transaction sent and nobody has taken yet. */
  Deque<AggregateTask.Sent> sent();

  /** Takes the ledger entries of the transaction. */
  List<LedgerEntry> takeLedger();

  /** Half edges that wait. */
  int waiting();
}
