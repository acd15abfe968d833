package dev.weir.streams.spanmetrics;

import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.otlp.AnyValueText;
import dev.weir.schemas.otlp.AttributeKeys;
import dev.weir.schemas.otlp.AttributeValues;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.streams.series.ValueRules;
import java.util.List;
import java.util.stream.Stream;

/**
 * The attributes by which spans are told apart. One of the resource hides the span's own of the
 * same key; whether it does if it is empty, {@link ValueRules} say. Not thread-safe.
 */
final class DimensionValues {
  private final List<String> keys;
  private final AttributeKeys wanted;
  private final AttributeValues ofSpan;
  private final AnyValueText text;
  private final boolean emptyHides;
  private OfResource ofResource;

  /** What the resource says, and what it leaves to spans. */
  static final class OfResource {
    private final AttributeValues values;
    private final boolean[] hidden; // of the span
    private boolean spanIsAsked;

    private OfResource(AttributeKeys wanted) {
      values = new AttributeValues(wanted);
      hidden = new boolean[wanted.size()];
    }
  }

  DimensionValues(Dimensions dimensions, ValueRules rules) {
    this.text = new AnyValueText(rules.jsonLists());
    this.emptyHides = rules.emptyHides();
    this.keys =
        Stream.concat(
                dimensions.attributes().stream(),
                dimensions.mappings().stream().flatMap(mapping -> mapping.sources().stream()))
            .distinct()
            .toList();
    this.wanted = new AttributeKeys(keys);
    this.ofSpan = new AttributeValues(wanted);
    this.ofResource = newOfResource();
  }

  /** What a resource without attributes says. */
  OfResource newOfResource() {
    return new OfResource(wanted);
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }

  /** Finds the resource's values and appends them to the key of its spans. */
  void find(ResourceView resource, OfResource into, ByteWriter key) throws MalformedOtlpException {
    AttributeValues values = into.values;
    resource.findAttributes(values);
    into.spanIsAsked = false;
    for (int i = 0; i < keys.size(); i++) {
      appendRaw(values, i, key);
      into.hidden[i] = values.isPresent(i) && (emptyHides || !isEmpty(values, i));
      into.spanIsAsked |= !into.hidden[i];
    }
  }

  /** What was found in the resource of the spans that follow. */
  void resource(OfResource found) {
    ofResource = found;
  }

  private boolean isEmpty(AttributeValues values, int index) throws MalformedOtlpException {
    return text.isEmpty(values.buffer(), values.offset(index), values.length(index));
  }

  /** Finds the span's own values, where the resource has none, and appends them to its key. */
  void span(SpanView span, ByteWriter key) throws MalformedOtlpException {
    if (!ofResource.spanIsAsked) {
      return;
    }
    span.findAttributes(ofSpan);
    for (int i = 0; i < keys.size(); i++) {
      if (!ofResource.hidden[i]) {
        appendRaw(ofSpan, i, key);
      }
    }
  }

  private static void appendRaw(AttributeValues values, int index, ByteWriter key) {
    if (values.isPresent(index)) {
      key.uvarint(values.length(index) + 1L)
          .raw(values.buffer(), values.offset(index), values.length(index));
    } else {
      key.u8(0);
    }
  }

  /** The text of an attribute of the span that was looked at last. */
  LabelSource of(String attribute) {
    int index = keys.indexOf(attribute);
    return (value, span) -> appendText(index, value);
  }

  /** The text of attributes of the span that was looked at last, joined. */
  LabelSource of(DimensionMapping mapping) {
    int[] indices = mapping.sources().stream().mapToInt(keys::indexOf).toArray();
    byte[] join = mapping.join().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return (value, span) -> {
      for (int index : indices) {
        appendJoined(index, join, value);
      }
      return true;
    };
  }

  private void appendJoined(int index, byte[] join, ByteWriter value)
      throws MalformedOtlpException {
    int before = value.length();
    if (before > 0) {
      value.raw(join, 0, join.length);
    }
    int start = value.length();
    appendText(index, value);
    if (value.length() == start) {
      value.truncate(before);
    }
  }

  private boolean appendText(int index, ByteWriter value) throws MalformedOtlpException {
    boolean hidden = ofResource.hidden[index];
    AttributeValues values = hidden ? ofResource.values : ofSpan;
    if (!hidden && !ofSpan.isPresent(index)) {
      return false;
    }
    text.render(values.buffer(), values.offset(index), values.length(index));
    value.raw(text.buffer(), text.offset(), text.length());
    return emptyHides || text.length() > 0;
  }
}
