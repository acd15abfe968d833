package dev.weir.streams.spanmetrics;

import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.otlp.AnyValueText;
import dev.weir.schemas.otlp.AttributeKeys;
import dev.weir.schemas.otlp.AttributeValues;
import dev.weir.schemas.otlp.EnumNames;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.streams.series.ValueRules;
import java.util.List;
import java.util.Set;

/** What a span says of itself without attributes, and the name of its service. Not thread-safe. */
final class IntrinsicValues {
  private final boolean service;
  private final boolean name;
  private final boolean kind;
  private final boolean statusCode;
  private final boolean statusMessage;
  private final AttributeValues serviceName =
      new AttributeValues(new AttributeKeys(List.of("service.name")));
  private final AnyValueText serviceText;

  IntrinsicValues(Set<Intrinsic> used, ValueRules rules) {
    this.serviceText = new AnyValueText(rules.jsonLists());
    this.service = used.contains(Intrinsic.SERVICE);
    this.name = used.contains(Intrinsic.SPAN_NAME);
    this.kind = used.contains(Intrinsic.SPAN_KIND);
    this.statusCode = used.contains(Intrinsic.STATUS_CODE);
    this.statusMessage = used.contains(Intrinsic.STATUS_MESSAGE);
  }

  /** The resource of the spans whose labels are written next. */
  void resource(ResourceView resource) throws MalformedOtlpException {
    if (!service) {
      return;
    }
    resource.findAttributes(serviceName);
    if (serviceName.isPresent(0)) {
      serviceText.render(serviceName.buffer(), serviceName.offset(0), serviceName.length(0));
    } else {
      serviceText.render(serviceName.buffer(), 0, 0);
    }
  }

  /** Appends what it says to the key of spans. */
  void appendResource(ByteWriter key) {
    if (service) {
      key.prefixed(serviceText.buffer(), serviceText.offset(), serviceText.length());
    }
  }

  /** Appends what tells spans apart, but for their name. */
  void span(SpanView span, ByteWriter key) {
    if (kind) {
      key.uvarint(span.kind() & 0xFFFFFFFFL);
    }
    if (statusCode) {
      key.uvarint(span.statusCode() & 0xFFFFFFFFL);
    }
    if (statusMessage) {
      key.prefixed(span.buffer(), span.statusMessageOffset(), span.statusMessageLength());
    }
  }

  /** Appends the span's name, which ends the key. */
  void spanName(SpanView span, ByteWriter key) {
    if (name) {
      key.raw(span.buffer(), span.nameOffset(), span.nameLength());
    }
  }

  /** The value of a label. */
  LabelSource of(Intrinsic intrinsic) {
    return (value, span) -> {
      append(intrinsic, value, span);
      return true;
    };
  }

  private void append(Intrinsic intrinsic, ByteWriter value, SpanView span) {
    switch (intrinsic) {
      case SERVICE -> value.raw(serviceText.buffer(), serviceText.offset(), serviceText.length());
      case SPAN_NAME -> value.raw(span.buffer(), span.nameOffset(), span.nameLength());
      case SPAN_KIND -> append(EnumNames.KINDS, span.kind(), value);
      case STATUS_CODE -> append(EnumNames.STATUS_CODES, span.statusCode(), value);
      case STATUS_MESSAGE ->
          value.raw(span.buffer(), span.statusMessageOffset(), span.statusMessageLength());
    }
  }

  private static void append(List<String> names, int number, ByteWriter value) {
    byte[] text = EnumNames.ascii(names, number);
    value.raw(text, 0, text.length);
  }
}
