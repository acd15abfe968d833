package dev.weir.streams.spanmetrics;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.otlp.AnyValueText;
import dev.weir.schemas.otlp.AttributeVisitor;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.streams.series.LabelRules;
import dev.weir.streams.series.LabelsWriter;
import dev.weir.streams.series.SeriesSettings;
import dev.weir.streams.series.SeriesTable;
import java.util.Arrays;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Tells the attributes of resources, one label set for each {@link Target}, if a span of the
 * resource was counted. Not thread-safe.
 */
final class TargetInfo {
  static final String JOB = "job";
  static final String INSTANCE = "instance";

  /** What {@link SpanMetrics} stages for a span whose resource has nothing to tell. */
  static final int NOTHING = -1;

  private final SeriesTable table;
  private final LabelRules rules;
  private final LabelsWriter labels;
  private final Target target;
  private final Set<String> excluded;
  private final AnyValueText text;
  private final ByteWriter key = new ByteWriter(512);
  private final AttributeVisitor appending = this::appendToKey; // made once, not per resource

  TargetInfo(
      byte[] tenant,
      TargetInfoSettings settings,
      int buckets,
      int shards,
      LabelRules rules,
      LabelsWriter labels) {
    this.table =
        new SeriesTable(tenant, MetricGroup.TARGET_INFO, SeriesSettings.DEFAULT, buckets, shards);
    this.rules = rules;
    this.text = new AnyValueText(rules.values().jsonLists());
    this.labels = labels;
    this.target = new Target(settings.instanceLabel(), rules.values());
    this.excluded = settings.excluded();
  }

  Target target() {
    return target;
  }

  SeriesTable table() {
    return table;
  }

  /** The entry of the resource that the target was told of, or {@link #NOTHING}. */
  int entry(ResourceView resource) throws MalformedOtlpException {
    if (target.isEmpty()) {
      return NOTHING;
    }
    key.truncate(0);
    resource.forEachAttribute(appending);
    int entry = table.find(key.bytes(), 0, key.length());
    return entry < 0 ? insert(attributes(resource)) : entry;
  }

  private void appendToKey(
      byte[] buffer, int keyOffset, int keyLength, int valueOffset, int valueLength) {
    key.prefixed(buffer, keyOffset, keyLength).prefixed(buffer, valueOffset, valueLength);
  }

  /** By label; of attributes that make the same label the last one counts, even if it is empty. */
  private SortedMap<String, byte[]> attributes(ResourceView resource)
      throws MalformedOtlpException {
    SortedMap<String, byte[]> attributes = new TreeMap<>();
    resource.forEachAttribute(
        (buffer, keyOffset, keyLength, valueOffset, valueLength) -> {
          String name = new String(buffer, keyOffset, keyLength, UTF_8);
          if (isTold(name)) {
            text.render(buffer, valueOffset, valueLength);
            int end = text.offset() + text.length();
            attributes.put(label(name), Arrays.copyOfRange(text.buffer(), text.offset(), end));
          }
        });
    attributes.values().removeIf(value -> value.length == 0);
    return attributes;
  }

  private boolean isTold(String name) {
    return !name.isEmpty()
        && !(name.charAt(0) >= '0' && name.charAt(0) <= '9')
        && !label(name).equals("__name__")
        && !Target.KEYS.contains(name)
        && !excluded.contains(name);
  }

  private String label(String name) {
    String label = Dimensions.label(name);
    return rules.cut(isNamed(label) ? "__" + label : label);
  }

  /** Whether a label of that name says what the target is. */
  static boolean isNamed(String label) {
    return label.equals(JOB) || label.equals(INSTANCE);
  }

  private int insert(SortedMap<String, byte[]> attributes) {
    if (attributes.isEmpty()) {
      return NOTHING;
    }
    attributes.put(JOB, target.job().toByteArray());
    attributes.put(INSTANCE, target.instance().toByteArray());
    labels.begin();
    attributes.forEach((name, value) -> labels.label(name.getBytes(US_ASCII), value));
    return table.insert(key.bytes(), 0, key.length(), labels);
  }

  /** A span of that entry's resource was counted. */
  void apply(int entry) {
    if (entry != NOTHING && table.isWellFormed(entry)) {
      table.count(entry);
    }
  }
}
