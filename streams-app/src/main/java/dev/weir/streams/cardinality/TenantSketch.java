package dev.weir.streams.cardinality;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What several shards know of one tenant, put together: shards have different label sets, so that
 * demand adds up, but the same values of labels. Not thread-safe.
 */
final class TenantSketch {
  private final Map<String, Sketch> values = new LinkedHashMap<>();
  private final Map<String, String> examples = new LinkedHashMap<>();
  private Demand demand = Demand.NONE;

  void add(Demand ofShard) {
    demand = demand.plus(ofShard);
  }

  /** The values of a label; an example that is empty is none. */
  Sketch label(String name, String exampleSpanName) {
    if (!exampleSpanName.isEmpty()) {
      examples.put(name, exampleSpanName);
    }
    return values.computeIfAbsent(name, key -> new Sketch());
  }

  TenantCardinality result(String tenant) {
    List<LabelCardinality> labels =
        values.entrySet().stream()
            .map(
                entry ->
                    new LabelCardinality(
                        entry.getKey(),
                        entry.getValue().estimate(),
                        examples.getOrDefault(entry.getKey(), "")))
            .sorted(
                Comparator.comparingLong(LabelCardinality::distinctValues)
                    .reversed()
                    .thenComparing(LabelCardinality::label))
            .toList();
    return new TenantCardinality(tenant, demand, labels);
  }
}
