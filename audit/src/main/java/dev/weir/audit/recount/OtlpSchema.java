package dev.weir.audit.recount;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * OTLP's own schema with strings turned into bytes, since protobuf-java refuses a message for a
 * string that is not UTF-8, and with fields left unopened that do not matter to who reads.
 */
final class OtlpSchema {
  /** The messages that must be sound for a record to count; what else there is may be anything. */
  private static final Set<String> OUTLINE =
      Set.of(
          "TracesData.resource_spans",
          "ResourceSpans.resource",
          "ResourceSpans.scope_spans",
          "ScopeSpans.spans",
          "Span.status",
          "Resource.attributes");

  /** Opens what has to be opened to count. */
  static final OtlpSchema OUTLINED = new OtlpSchema(OUTLINE::contains);

  /** Opens everything. */
  static final OtlpSchema COMPLETE = new OtlpSchema(field -> true);

  private final Descriptor traces;
  private final Descriptor anyValue;
  private final Descriptor keyValue;

  private OtlpSchema(Predicate<String> opened) {
    FileDescriptor file = tolerant(TracesData.getDescriptor().getFile(), opened);
    traces = file.findMessageTypeByName("TracesData");
    anyValue = dependency(file, "AnyValue");
    keyValue = dependency(file, "KeyValue");
  }

  private static Descriptor dependency(FileDescriptor file, String name) {
    return file.getDependencies().stream()
        .map(dependency -> dependency.findMessageTypeByName(name))
        .filter(found -> found != null)
        .findFirst()
        .orElseThrow();
  }

  /** Reads a {@code TracesData}. */
  Message traces(byte[] bytes) throws InvalidProtocolBufferException {
    return parse(traces, bytes);
  }

  /** Reads an {@code AnyValue}. */
  Message anyValue(byte[] bytes) throws InvalidProtocolBufferException {
    return parse(anyValue, bytes);
  }

  /** Reads a {@code KeyValue}. */
  Message keyValue(byte[] bytes) throws InvalidProtocolBufferException {
    return parse(keyValue, bytes);
  }

  private static Message parse(Descriptor type, byte[] bytes)
      throws InvalidProtocolBufferException {
    Message message = DynamicMessage.parseFrom(type, bytes);
    requireNoGroup(message);
    return message;
  }

  /** OTLP never had a group, so that one is a sign of bytes that are something else. */
  private static void requireNoGroup(Message message) throws InvalidProtocolBufferException {
    for (UnknownFieldSet.Field field : message.getUnknownFields().asMap().values()) {
      if (!field.getGroupList().isEmpty()) {
        throw new InvalidProtocolBufferException("a group, which OTLP has none of");
      }
    }
    for (Object value : message.getAllFields().values()) {
      for (Object element : value instanceof List<?> list ? list : List.of(value)) {
        if (element instanceof Message nested) {
          requireNoGroup(nested);
        }
      }
    }
  }

  private static FileDescriptor tolerant(FileDescriptor file, Predicate<String> opened) {
    FileDescriptor[] dependencies =
        file.getDependencies().stream()
            .map(dependency -> tolerant(dependency, opened))
            .toArray(FileDescriptor[]::new);
    FileDescriptorProto.Builder copy = file.toProto().toBuilder();
    copy.getMessageTypeBuilderList().forEach(type -> makeTolerant(type, opened));
    try {
      return FileDescriptor.buildFrom(copy.build(), dependencies);
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException("OTLP's schema cannot be used: " + e.getMessage(), e);
    }
  }

  private static void makeTolerant(DescriptorProto.Builder type, Predicate<String> opened) {
    type.getNestedTypeBuilderList().forEach(nested -> makeTolerant(nested, opened));
    for (FieldDescriptorProto.Builder field : type.getFieldBuilderList()) {
      boolean closed =
          field.getType() == FieldDescriptorProto.Type.TYPE_MESSAGE
              && !opened.test(type.getName() + "." + field.getName());
      if (closed || field.getType() == FieldDescriptorProto.Type.TYPE_STRING) {
        field.setType(FieldDescriptorProto.Type.TYPE_BYTES).clearTypeName();
      }
    }
  }
}
