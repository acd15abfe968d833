package dev.weir.audit.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.audit.books.Counts;
import dev.weir.audit.books.Finding;
import dev.weir.audit.books.PartitionBooks.Balance;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What an audit came to.
 *
 * @param balances of every tenant in every partition
 * @param partitions the records of every partition
 * @param general findings that concern no tenant: dead letters, the total of a Prometheus
 * @param remarks what could not be compared, and why
 */
public record Report(
    List<Balance> balances,
    List<PartitionRecords> partitions,
    List<Finding> general,
    List<String> remarks) {
  private static final int SHOWN_FINDINGS = 20;

  public Report {
    balances = List.copyOf(balances);
    partitions = List.copyOf(partitions);
    general = List.copyOf(general);
    remarks = List.copyOf(remarks);
  }

  /** Whether nothing is different. */
  public boolean isEqual() {
    return general.isEmpty()
        && partitions.stream().allMatch(PartitionRecords::balance)
        && balances.stream().allMatch(balance -> balance.findings().isEmpty());
  }

  /** One line a tenant, one a difference, one a remark. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    byTenant().forEach((tenant, of) -> lines.addAll(tenant(tenant, of)));
    partitions.stream().map(Report::records).forEach(lines::add);
    general.stream().map(finding -> "different: " + place(finding)).forEach(lines::add);
    remarks.stream().map(remark -> "note: " + remark).forEach(lines::add);
    if (balances.isEmpty()) {
      lines.add("nothing to audit: the ledger is empty");
    }
    return lines;
  }

  private static String records(PartitionRecords of) {
    return "%s: %s, %,d records: %,d with spans, %,d without, %,d dead letters"
        .formatted(
            of.scope().text(),
            of.balance() ? "equal" : "different",
            of.read(),
            of.withSpans(),
            of.withoutSpans(),
            of.deadLetters());
  }

  private SortedMap<String, List<Balance>> byTenant() {
    return balances.stream()
        .collect(Collectors.groupingBy(Balance::tenant, TreeMap::new, Collectors.toList()));
  }

  private static List<String> tenant(String tenant, List<Balance> balances) {
    Counts recounted = sum(balances);
    List<Finding> findings =
        balances.stream().flatMap(balance -> balance.findings().stream()).toList();
    List<String> lines = new ArrayList<>();
    String verdict = findings.isEmpty() ? "equal" : findings.size() + " differences";
    lines.add(
        "tenant %s: %s, %,d spans in %,d records, %,d counted, %,d late, %,d ahead, discarded %s; %s"
            .formatted(
                tenant,
                verdict,
                recounted.received(),
                recounted.records(),
                recounted.counted(),
                recounted.late(),
                recounted.ahead(),
                recounted.discarded(),
                balances.stream()
                    .map(balance -> balance.scope().text())
                    .collect(Collectors.joining(", "))));
    findings.stream()
        .limit(SHOWN_FINDINGS)
        .map(finding -> "  " + place(finding))
        .forEach(lines::add);
    return lines;
  }

  private static Counts sum(List<Balance> balances) {
    return balances.stream().map(Balance::recounted).reduce(Counts.NONE, Counts::plus);
  }

  private static String place(Finding finding) {
    if (finding.partition() < 0) {
      return finding.text();
    }
    return finding.firstOffset() < 0
        ? "partition %d: %s".formatted(finding.partition(), finding.text())
        : "partition %d, offsets %d to %d: %s"
            .formatted(
                finding.partition(), finding.firstOffset(), finding.lastOffset(), finding.text());
  }

  /** The same for programs. */
  public String json() {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode().put("equal", isEqual());
    ArrayNode tenants = root.putArray("tenants");
    byTenant()
        .forEach(
            (tenant, of) -> {
              Counts recounted = sum(of);
              ObjectNode node =
                  tenants
                      .addObject()
                      .put("tenant", tenant)
                      .put("records", recounted.records())
                      .put("received", recounted.received())
                      .put("counted", recounted.counted())
                      .put("late", recounted.late())
                      .put("ahead", recounted.ahead());
              ObjectNode discarded = node.putObject("discarded");
              recounted.discarded().forEach(discarded::put);
              ArrayNode scopes = node.putArray("partitions");
              of.forEach(
                  balance ->
                      scopes
                          .addObject()
                          .put("partition", balance.scope().partition())
                          .put("from", balance.scope().start())
                          .put("to", balance.scope().end()));
              ArrayNode findings = node.putArray("differences");
              of.forEach(
                  balance -> balance.findings().forEach(finding -> findings.add(place(finding))));
            });
    ArrayNode records = root.putArray("partitions");
    partitions.forEach(
        of ->
            records
                .addObject()
                .put("partition", of.scope().partition())
                .put("from", of.scope().start())
                .put("to", of.scope().end())
                .put("records", of.read())
                .put("withSpans", of.withSpans())
                .put("withoutSpans", of.withoutSpans())
                .put("deadLetters", of.deadLetters()));
    ArrayNode others = root.putArray("differences");
    general.forEach(finding -> others.add(place(finding)));
    ArrayNode notes = root.putArray("notes");
    remarks.forEach(notes::add);
    return root.toPrettyString();
  }
}
