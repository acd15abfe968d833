package dev.weir.audit.books;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The books of one source partition: entries first, then the recount of its records, then the
 * comparison. Not thread-safe.
 */
public final class PartitionBooks {
  private final Scope scope;
  private final SortedMap<String, TenantBooks> tenants = new TreeMap<>();
  private final DeadLetters deadLetters;
  private long recountedRecords;

  /** What the audit of a tenant in one partition came to. */
  public record Balance(
      String tenant,
      Scope scope,
      Counts ledger,
      Counts recounted,
      Counts lost,
      int cutEntries,
      int overriddenEntries,
      List<Finding> findings) {
    public Balance {
      findings = List.copyOf(findings);
    }
  }

  /**
   * @param entries of this partition, in the order of the ledger
   */
  public PartitionBooks(Scope scope, List<Entry> entries, DeadLetters deadLetters) {
    this.scope = scope;
    this.deadLetters = deadLetters;
    entries.forEach(entry -> of(entry.tenant()).enter(entry));
    tenants.values().forEach(TenantBooks::endOfLedger);
  }

  private TenantBooks of(String tenant) {
    return tenants.computeIfAbsent(tenant, name -> new TenantBooks(name, scope));
  }

  /** The records that are audited. */
  public Scope scope() {
    return scope;
  }

  /** The dead letters that came from this partition. */
  public DeadLetters deadLetters() {
    return deadLetters;
  }

  /** Records with spans that were recounted so far. */
  public long recountedRecords() {
    return recountedRecords;
  }

  /** The next record that has spans, or could have. */
  public void recount(String tenant, long offset, Counts counts) {
    recountedRecords += counts.records();
    of(tenant).recount(offset, counts);
  }

  /**
   * Compares; to be called once, at the end.
   *
   * @param serviceGraphs whether edges are made
   */
  public List<Balance> balances(boolean serviceGraphs) {
    Expectation expectation = new Expectation(scope.knowsTime(), serviceGraphs);
    List<Balance> balances = new ArrayList<>();
    tenants.forEach(
        (tenant, books) ->
            balances.add(
                new Balance(
                    tenant,
                    scope,
                    books.ledger(),
                    books.recounted(),
                    books.lost(),
                    books.cutEntries(),
                    books.overriddenEntries(),
                    books.findings(expectation))));
    return balances;
  }
}
