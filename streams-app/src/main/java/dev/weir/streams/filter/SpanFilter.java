package dev.weir.streams.filter;

import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.schemas.otlp.SpanView;

/** Asks {@link FilterPolicies} about one span after the other. Not thread-safe. */
public final class SpanFilter {
  private final FilterPolicies policies;
  private final FoundAttributes found;
  private final boolean isEmpty;

  public SpanFilter(FilterPolicies policies) {
    this.policies = policies;
    this.found = new FoundAttributes(policies.resourceKeys(), policies.spanKeys());
    this.isEmpty = policies.isEmpty();
  }

  /**
   * The resource of the spans that follow.
   *
   * @throws MalformedOtlpException if an attribute of it is broken
   */
  public void resource(ResourceView resource) throws MalformedOtlpException {
    if (policies.resourceKeys().size() > 0) {
      found.resource(resource);
    }
  }

  /**
   * Whether a span of that resource passes.
   *
   * @throws MalformedOtlpException if an attribute that policies look at is broken
   */
  public boolean accepts(SpanView span) throws MalformedOtlpException {
    if (isEmpty) {
      return true;
    }
    if (policies.spanKeys().size() > 0) {
      span.findAttributes(found.ofSpan());
    }
    return policies.accepts(span, found);
  }
}
