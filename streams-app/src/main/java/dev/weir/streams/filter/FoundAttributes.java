package dev.weir.streams.filter;

import dev.weir.schemas.otlp.AnyValueView;
import dev.weir.schemas.otlp.AttributeKeys;
import dev.weir.schemas.otlp.AttributeValues;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.PerResource;
import dev.weir.schemas.otlp.ResourceView;
import org.jspecify.annotations.Nullable;

/** The attributes of a span and its resource that conditions look at. Not thread-safe. */
final class FoundAttributes {
  private final PerResource<AttributeValues> resources;
  private AttributeValues ofResource;
  private final AttributeValues ofSpan;
  private final AnyValueView value = new AnyValueView();

  FoundAttributes(AttributeKeys resourceKeys, AttributeKeys spanKeys) {
    this.resources =
        new PerResource<>(() -> new AttributeValues(resourceKeys), ResourceView::findAttributes);
    this.ofResource = new AttributeValues(resourceKeys);
    this.ofSpan = new AttributeValues(spanKeys);
  }

  /** The resource of the spans that follow. */
  void resource(ResourceView resource) throws MalformedOtlpException {
    ofResource = resources.of(resource);
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
