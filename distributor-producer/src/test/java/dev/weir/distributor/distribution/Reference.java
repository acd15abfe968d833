package dev.weir.distributor.distribution;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;

/** A slow model of what spans must come out, on protobuf's own classes. */
final class Reference {
  private static final ByteString NO_SPAN = ByteString.copyFrom(new byte[8]);
  private static final ByteString NO_TRACE = ByteString.copyFrom(new byte[16]);

  private Reference() {}

  /** A span with all that it belongs to; presence of messages counts in comparisons. */
  record FlatSpan(
      boolean hasResource,
      Resource resource,
      String resourceSchema,
      boolean hasScope,
      InstrumentationScope scope,
      String scopeSchema,
      Span span) {}

  /** All spans as they are. */
  static List<FlatSpan> flatten(List<ResourceSpans> all) {
    List<FlatSpan> flat = new ArrayList<>();
    for (ResourceSpans resource : all) {
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        for (Span span : scope.getSpansList()) {
          flat.add(
              new FlatSpan(
                  resource.hasResource(),
                  resource.getResource(),
                  resource.getSchemaUrl(),
                  scope.hasScope(),
                  scope.getScope(),
                  scope.getSchemaUrl(),
                  span));
        }
      }
    }
    return flat;
  }

  /** The spans that are accepted, as they must be published. */
  static List<FlatSpan> expected(List<ResourceSpans> all) {
    return flatten(all).stream()
        .filter(flat -> isAccepted(flat.span()))
        .map(
            flat ->
                new FlatSpan(
                    true,
                    flat.resource().toBuilder()
                        .clearAttributes()
                        .addAllAttributes(withValues(flat.resource().getAttributesList()))
                        .build(),
                    flat.resourceSchema(),
                    true,
                    flat.scope().toBuilder()
                        .clearAttributes()
                        .addAllAttributes(withValues(flat.scope().getAttributesList()))
                        .build(),
                    flat.scopeSchema(),
                    completed(flat.span())))
        .toList();
  }

  private static boolean isAccepted(Span span) {
    return span.getTraceId().size() == 16
        && !span.getTraceId().equals(NO_TRACE)
        && span.getSpanId().size() == 8
        && !span.getSpanId().equals(NO_SPAN);
  }

  private static Span completed(Span span) {
    Span.Builder builder = span.toBuilder().setStatus(span.getStatus());
    if (span.getParentSpanId().equals(NO_SPAN)) {
      builder.clearParentSpanId();
    }
    builder.clearAttributes().addAllAttributes(withValues(span.getAttributesList()));
    builder
        .getEventsBuilderList()
        .forEach(
            event -> {
              List<KeyValue> attributes = withValues(event.getAttributesList());
              event.clearAttributes().addAllAttributes(attributes);
            });
    builder
        .getLinksBuilderList()
        .forEach(
            link -> {
              List<KeyValue> attributes = withValues(link.getAttributesList());
              link.clearAttributes().addAllAttributes(attributes);
            });
    return builder.build();
  }

  private static List<KeyValue> withValues(List<KeyValue> attributes) {
    return attributes.stream()
        .map(attribute -> attribute.toBuilder().setValue(completed(attribute.getValue())).build())
        .toList();
  }

  private static AnyValue completed(AnyValue value) {
    AnyValue.Builder builder = value.toBuilder();
    if (value.hasArrayValue()) {
      List<AnyValue> values =
          value.getArrayValue().getValuesList().stream().map(Reference::completed).toList();
      builder.getArrayValueBuilder().clearValues().addAllValues(values);
    }
    if (value.hasKvlistValue()) {
      List<KeyValue> values = withValues(value.getKvlistValue().getValuesList());
      builder.getKvlistValueBuilder().clearValues().addAllValues(values);
    }
    return builder.build();
  }
}
