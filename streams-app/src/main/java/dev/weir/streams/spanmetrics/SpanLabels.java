package dev.weir.streams.spanmetrics;

import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.streams.series.LabelRules;
import dev.weir.streams.series.LabelsWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The labels of a span, in the order of their names. Of several sources of one label the one that
 * was added last decides, among those that the span has. Not thread-safe.
 */
final class SpanLabels {
  private record Label(String text, List<LabelSource> sources) {
    byte[] name() {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
  }

  private final List<Label> labels;
  private final ByteWriter value = new ByteWriter(64);

  private SpanLabels(List<Label> labels) {
    this.labels = labels;
  }

  /** Writes the labels of a span whose attributes were found. */
  LabelsWriter write(SpanView span, LabelsWriter writer) throws MalformedOtlpException {
    writer.begin();
    for (Label label : labels) {
      value.truncate(0);
      for (LabelSource source : label.sources()) {
        if (source.appendTo(value, span)) {
          break;
        }
      }
      writer.label(label.name(), value.bytes(), 0, value.length());
    }
    return writer;
  }

  /** Collects sources. */
  static final class Builder {
    private final Map<String, List<LabelSource>> sources =
        new TreeMap<>(); // names are ASCII, so this is the order of their bytes
    private final LabelRules rules;

    Builder(LabelRules rules) {
      this.rules = rules;
    }

    Builder add(String label, LabelSource source) {
      sources.computeIfAbsent(rules.cut(label), name -> new ArrayList<>()).add(0, source);
      return this;
    }

    SpanLabels build() {
      return new SpanLabels(
          sources.entrySet().stream()
              .map(label -> new Label(label.getKey(), label.getValue()))
              .toList());
    }
  }
}
