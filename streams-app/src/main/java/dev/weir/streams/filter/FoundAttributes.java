package dev.weir.streams.filter;

import dev.weir.schemas.otlp.AnyValueView;
import dev.weir.schemas.otlp.AttributeKeys;
import dev.weir.schemas.otlp.AttributeValues;
import dev.weir.schemas.otlp.MalformedOtlpException;
import org.jspecify.annotations.Nullable;

/** The attributes of a span and its resource that conditions look at. Not thread-safe. */
final class FoundAttributes {
  private final AttributeValues ofResource;
  private final AttributeValues ofSpan;
  private final AnyValueView value = new AnyValueView();

  FoundAttributes(AttributeKeys resourceKeys, AttributeKeys spanKeys) {
    this.ofResource = new AttributeValues(resourceKeys);
    this.ofSpan = new AttributeValues(spanKeys);
  }

  AttributeValues ofResource() {
    return ofResource;
  }

  AttributeValues ofSpan() {
    return ofSpan;
  }

  /** The value of an attribute until the next call; null if it is not there. */
  @Nullable AnyValueView value(FilterKey.Scope scope, int key) throws MalformedOtlpException {
    AttributeValues values = scope == FilterKey.Scope.RESOURCE ? ofResource : ofSpan;
    if (!values.isPresent(key)) {
      return null;
    }
    value.read(values.buffer(), values.offset(key), values.length(key));
    return value;
  }
}
