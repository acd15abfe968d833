package dev.weir.streams.weight;

import dev.weir.schemas.otlp.AnyValueView;
import dev.weir.schemas.otlp.AttributeKeys;
import dev.weir.schemas.otlp.AttributeValues;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.schemas.otlp.SpanView;
import java.util.List;

/**
 * Finds the weights of spans, by Tempo's rules: a tracestate that tells one goes before an
 * attribute, and the span's attribute before the resource's. An attribute tells a probability p, as
 * a double above 0; the weight is 1 / p. Not thread-safe.
 */
public final class SpanWeights {
  private final boolean traceState;
  private final boolean attribute;
  private final TraceStateWeight stateWeight = new TraceStateWeight();
  private final AttributeValues found;
  private final AnyValueView value = new AnyValueView();
  private double ofResource;

  public SpanWeights(WeightSettings settings) {
    this.traceState = settings.traceState();
    this.attribute = !settings.attribute().isEmpty();
    this.found =
        new AttributeValues(
            new AttributeKeys(attribute ? List.of(settings.attribute()) : List.of()));
  }

  /**
   * The resource of the spans that follow.
   *
   * @throws MalformedOtlpException if an attribute of it is broken
   */
  public void resource(ResourceView resource) throws MalformedOtlpException {
    if (attribute) {
      resource.findAttributes(found);
      ofResource = weight();
    }
  }

  /**
   * The weight of a span of that resource; 0 if nothing tells it.
   *
   * @throws MalformedOtlpException if an attribute of it is broken
   */
  public double of(SpanView span) throws MalformedOtlpException {
    double weight = 0;
    if (traceState && span.traceStateLength() > 0) {
      weight = stateWeight.of(span.buffer(), span.traceStateOffset(), span.traceStateLength());
    }
    if (weight == 0 && attribute) {
      span.findAttributes(found);
      weight = weight();
      weight = weight == 0 ? ofResource : weight;
    }
    return weight;
  }

  private double weight() throws MalformedOtlpException {
    if (!found.isPresent(0)) {
      return 0;
    }
    value.read(found.buffer(), found.offset(0), found.length(0));
    double probability = value.decimal();
    return probability > 0 ? Math.max(1 / probability, Double.MIN_VALUE) : 0;
  }
}
