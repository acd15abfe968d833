package dev.weir.allinone.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What was sent and acknowledged, what was received, and whether they are the same.
 *
 * @param settings what the traffic was made with
 * @param durationSeconds how long it was sent
 * @param progress spans by how their export ended
 * @param differences empty if all is equal
 */
record Report(
    DemoSettings settings,
    double durationSeconds,
    Books.Progress progress,
    Totals sent,
    Totals received,
    List<String> differences) {

  Report {
    differences = List.copyOf(differences);
  }

  boolean equal() {
    return differences.isEmpty();
  }

  String json() {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("equal", equal());
    root.put("duration_seconds", durationSeconds);
    root.put("traces_per_second", settings.tracesPerSecond());
    root.put("seed", settings.seed());
    root.put("spans_acknowledged", progress.acknowledged());
    root.put("spans_failed", progress.failed());
    root.put("spans_unanswered", progress.waiting());
    differences.forEach(root.putArray("differences")::add);
    write(root.putObject("sent"), sent);
    write(root.putObject("received"), received);
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and strings is always JSON", e);
    }
  }

  private static void write(ObjectNode node, Totals totals) {
    ArrayNode operations = node.putArray("operations");
    totals.operations().forEach((key, numbers) -> write(operations.addObject(), key, numbers));
    ArrayNode edges = node.putArray("edges");
    totals.edges().forEach((key, numbers) -> write(edges.addObject(), key, numbers));
  }

  private static void write(ObjectNode node, Operation operation, OperationTotals numbers) {
    node.put("service", operation.service());
    node.put("span_name", operation.spanName());
    node.put("span_kind", operation.spanKind());
    node.put("status_code", operation.statusCode());
    node.put("calls", numbers.calls());
    node.put("latency_count", numbers.latencyCount());
    node.put("latency_sum_ns", numbers.latencySumNanos());
  }

  private static void write(ObjectNode node, Edge edge, EdgeTotals numbers) {
    node.put("client", edge.client());
    node.put("server", edge.server());
    node.put("connection_type", edge.connectionType());
    node.put("requests", numbers.requests());
    node.put("failed", numbers.failed());
  }
}
