package dev.weir.audit.recount;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.weir.schemas.topic.SpanCodec;
import java.util.List;
import java.util.Optional;

/** Counts the spans in the value of a record. */
final class SpanCounter {
  private static final ByteString SERVICE_NAME = ByteString.copyFromUtf8("service.name");
  private static final int PUSH_BYTES_TRACES = 2;
  private static final int PUSH_BYTES_SKIP_METRICS = 5;
  private static final int SERVER = 2;
  private static final int CONSUMER = 5;

  private final SpanCodec codec;
  private final int maxLabelBytes;

  /**
   * @param maxLabelBytes what is longer is cut before it must be text; 0 is no limit
   */
  SpanCounter(SpanCodec codec, int maxLabelBytes) {
    this.codec = codec;
    this.maxLabelBytes = maxLabelBytes;
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
      Optional<ByteString> service = service(resourceSpans);
      for (Message scopeSpans : messages(resourceSpans, "scope_spans")) {
        for (Message span : messages(scopeSpans, "spans")) {
          sum = sum.plus(count(service, span));
        }
      }
    }
    return sum;
  }

  private SpanCounts count(Optional<ByteString> service, Message span) {
    int kind = ((EnumValueDescriptor) field(span, "kind")).getNumber();
    boolean isSide = service.isPresent() && kind >= SERVER && kind <= CONSUMER;
    boolean isText =
        isText(service.orElse(ByteString.EMPTY)) && isText((ByteString) field(span, "name"));
    return new SpanCounts(1, isText ? 0 : 1, isSide ? 1 : 0, false);
  }

  private boolean isText(ByteString label) {
    if (maxLabelBytes == 0 || label.size() <= maxLabelBytes) {
      return label.isValidUtf8();
    }
    int kept = maxLabelBytes;
    while (kept > 0 && maxLabelBytes - kept < 3 && isContinuation(label.byteAt(kept))) {
      kept--;
    }
    return label
        .substring(0, isContinuation(label.byteAt(kept)) ? maxLabelBytes : kept)
        .isValidUtf8();
  }

  private static boolean isContinuation(byte value) {
    return (value & 0xC0) == 0x80;
  }

  /** What the resource calls its service; the first attribute of that key counts. */
  private static Optional<ByteString> service(Message resourceSpans)
      throws InvalidProtocolBufferException {
    for (Message attribute : messages((Message) field(resourceSpans, "resource"), "attributes")) {
      if (field(attribute, "key").equals(SERVICE_NAME)) {
        ByteString value = (ByteString) field(attribute, "value");
        return Optional.of(text(OtlpSchema.COMPLETE.anyValue(value.toByteArray())));
      }
    }
    return Optional.empty();
  }

  /** The strings of a value, one after the other. */
  private static ByteString text(Message value) {
    ByteString all = ByteString.EMPTY;
    if (has(value, "string_value")) {
      return (ByteString) field(value, "string_value");
    }
    if (has(value, "array_value")) {
      for (Message element : messages((Message) field(value, "array_value"), "values")) {
        all = all.concat(text(element));
      }
    }
    if (has(value, "kvlist_value")) {
      for (Message entry : messages((Message) field(value, "kvlist_value"), "values")) {
        all = all.concat((ByteString) field(entry, "key"));
        all = all.concat(text((Message) field(entry, "value")));
      }
    }
    return all;
  }

  private static boolean has(Message message, String name) {
    return message.hasField(descriptor(message, name));
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
