package dev.weir.audit.recount;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.weir.schemas.topic.SpanCodec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts the spans in the value of a record. */
final class SpanCounter {
  private static final String SERVICE_NAME = "service.name";
  private static final int PUSH_BYTES_TRACES = 2;
  private static final int PUSH_BYTES_SKIP_METRICS = 5;
  private static final int SERVER = 2;
  private static final int CONSUMER = 5;

  private final SpanCodec codec;
  private final LabelRecount labels;

  SpanCounter(SpanCodec codec, LabelSettings labels) {
    this.codec = codec;
    this.labels = new LabelRecount(labels);
  }

  /**
   * Counts.
   *
   * @throws InvalidProtocolBufferException if the value is no message of the codec
   */
  SpanCounts count(byte[] value) throws InvalidProtocolBufferException {
    if (codec == SpanCodec.OTLP) {
      return countTraces(value);
    }
    UnknownFieldSet push = pushBytes(value);
    List<Long> skips = push.getField(PUSH_BYTES_SKIP_METRICS).getVarintList();
    boolean skipped = !skips.isEmpty() && skips.get(skips.size() - 1) != 0;
    SpanCounts sum = new SpanCounts(0, 0, 0, skipped);
    for (ByteString trace : push.getField(PUSH_BYTES_TRACES).getLengthDelimitedList()) {
      sum = sum.plus(countTraces(trace.toByteArray()));
    }
    return sum;
  }

  /**
   * Whether all of the value is sound, including what need not be opened to count: whoever refuses
   * a record that is not has a reason.
   */
  boolean isSoundThroughout(byte[] value) {
    try {
      if (codec == SpanCodec.OTLP) {
        OtlpSchema.COMPLETE.traces(value);
        return true;
      }
      for (ByteString trace :
          pushBytes(value).getField(PUSH_BYTES_TRACES).getLengthDelimitedList()) {
        OtlpSchema.COMPLETE.traces(trace.toByteArray());
      }
      return true;
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }

  private static UnknownFieldSet pushBytes(byte[] value) throws InvalidProtocolBufferException {
    UnknownFieldSet push = UnknownFieldSet.parseFrom(value);
    for (UnknownFieldSet.Field field : push.asMap().values()) {
      if (!field.getGroupList().isEmpty()) {
        throw new InvalidProtocolBufferException("a group, which a PushBytesRequest has none of");
      }
    }
    return push;
  }

  private SpanCounts countTraces(byte[] traces) throws InvalidProtocolBufferException {
    SpanCounts sum = SpanCounts.NONE;
    for (Message resourceSpans : messages(OtlpSchema.OUTLINED.traces(traces), "resource_spans")) {
      Map<String, ByteString> resource = resource(resourceSpans);
      for (Message scopeSpans : messages(resourceSpans, "scope_spans")) {
        for (Message span : messages(scopeSpans, "spans")) {
          sum = sum.plus(count(resource, span));
        }
      }
    }
    return sum;
  }

  private SpanCounts count(Map<String, ByteString> resource, Message span) {
    int kind = ((EnumValueDescriptor) field(span, "kind")).getNumber();
    boolean isSide = resource.containsKey(SERVICE_NAME) && kind >= SERVER && kind <= CONSUMER;
    boolean isText =
        labels.areText(
            resource,
            attributes(span),
            (ByteString) field(span, "name"),
            (ByteString) field((Message) field(span, "status"), "message"));
    return new SpanCounts(1, isText ? 0 : 1, isSide ? 1 : 0, false);
  }

  /** The first value of each key of the resource. */
  private Map<String, ByteString> resource(Message resourceSpans)
      throws InvalidProtocolBufferException {
    Map<String, ByteString> attributes = new HashMap<>();
    for (Message attribute : messages((Message) field(resourceSpans, "resource"), "attributes")) {
      put(attributes, attribute);
    }
    return attributes;
  }

  private void put(Map<String, ByteString> attributes, Message attribute)
      throws InvalidProtocolBufferException {
    String key = ((ByteString) field(attribute, "key")).toStringUtf8();
    if (!attributes.containsKey(key)) {
      ByteString value = (ByteString) field(attribute, "value");
      Message any = OtlpSchema.COMPLETE.anyValue(value.toByteArray());
      attributes.put(key, AttributeText.of(any, labels.jsonLists()));
    }
  }

  /** The same of a span; what cannot be read is none, since it need not be looked at. */
  private Map<String, ByteString> attributes(Message span) {
    Map<String, ByteString> attributes = new HashMap<>();
    if (labels.needsAttributesOfSpans()) {
      for (Object bytes : (List<?>) field(span, "attributes")) {
        readable((ByteString) bytes)
            .ifPresent(read -> attributes.putIfAbsent(read.getKey(), read.getValue()));
      }
    }
    return attributes;
  }

  private Optional<Map.Entry<String, ByteString>> readable(ByteString bytes) {
    try {
      Map<String, ByteString> one = new HashMap<>();
      put(one, OtlpSchema.OUTLINED.keyValue(bytes.toByteArray()));
      return one.entrySet().stream().findFirst();
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private static Object field(Message message, String name) {
    return message.getField(descriptor(message, name));
  }

  private static List<Message> messages(Message message, String name) {
    return ((List<?>) field(message, name)).stream().map(Message.class::cast).toList();
  }

  private static FieldDescriptor descriptor(Message message, String name) {
    return message.getDescriptorForType().findFieldByName(name);
  }
}
