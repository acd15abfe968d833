package dev.weir.streams.remotewrite;

import dev.weir.schemas.remotewrite.v2.Exemplar;
import dev.weir.schemas.remotewrite.v2.Metadata;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** A symbol table that takes over from another what is asked for. Not thread-safe. */
final class Symbols {
  private final List<String> before;
  private final Map<String, Integer> after = new LinkedHashMap<>();

  Symbols(List<String> before) {
    this.before = before;
    after.put("", 0);
  }

  Iterable<String> used() {
    return after.keySet();
  }

  TimeSeries rewritten(TimeSeries series) {
    return rewritten(series, series.toBuilder(), moved(series.getLabelsRefsList()));
  }

  /** With other labels. */
  TimeSeries rewritten(TimeSeries series, SortedMap<String, String> labels) {
    List<Integer> refs = new ArrayList<>(2 * labels.size());
    labels.forEach(
        (name, value) -> {
          refs.add(ref(name));
          refs.add(ref(value));
        });
    return rewritten(series, series.toBuilder(), refs);
  }

  private TimeSeries rewritten(TimeSeries series, TimeSeries.Builder result, List<Integer> labels) {
    result.clearLabelsRefs().addAllLabelsRefs(labels).clearExemplars();
    series.getExemplarsList().forEach(exemplar -> result.addExemplars(rewritten(exemplar)));
    if (series.hasMetadata()) {
      result.setMetadata(rewritten(series.getMetadata()));
    }
    return result.build();
  }

  private Exemplar rewritten(Exemplar exemplar) {
    return exemplar.toBuilder()
        .clearLabelsRefs()
        .addAllLabelsRefs(moved(exemplar.getLabelsRefsList()))
        .build();
  }

  private Metadata rewritten(Metadata metadata) {
    return metadata.toBuilder()
        .setHelpRef(moved(metadata.getHelpRef()))
        .setUnitRef(moved(metadata.getUnitRef()))
        .build();
  }

  private List<Integer> moved(List<Integer> refs) {
    return refs.stream().map(this::moved).toList();
  }

  private int moved(int ref) {
    return ref(before.get(ref));
  }

  private int ref(String symbol) {
    return after.computeIfAbsent(symbol, s -> after.size());
  }
}
