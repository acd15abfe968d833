package dev.weir.schemas.otlp;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads spans with protobuf-java, by a schema of OTLP that has just what the reader under test
 * looks at: strings are bytes, enumerations are numbers, the values of attributes and all that
 * nobody asks for are not opened. A repeated value of an attribute is kept apart, not merged.
 */
final class ReferenceReader {
  private static final FieldDescriptorProto.Type BYTES = FieldDescriptorProto.Type.TYPE_BYTES;
  private static final FieldDescriptorProto.Type INT = FieldDescriptorProto.Type.TYPE_INT32;
  private static final FieldDescriptorProto.Type FIXED = FieldDescriptorProto.Type.TYPE_FIXED64;
  private static final Descriptor TRACES = schema().findMessageTypeByName("Traces");

  private ReferenceReader() {}

  /**
   * What protobuf-java reads.
   *
   * @throws InvalidProtocolBufferException if it refuses the bytes, or accepts a group, which OTLP
   *     never had
   */
  static List<SeenSpan> read(byte[] traces) throws InvalidProtocolBufferException {
    Message message = DynamicMessage.parseFrom(TRACES, traces);
    requireNoGroup(message);
    List<SeenSpan> seen = new ArrayList<>();
    for (Message group : nested(message, 1)) {
      List<Message> resource = nested(group, 1);
      Map<String, ByteString> attributes =
          resource.isEmpty() ? Map.of() : attributes(nested(resource.get(0), 1));
      for (Message scope : nested(group, 2)) {
        nested(scope, 2).forEach(span -> seen.add(seen(attributes, span)));
      }
    }
    return seen;
  }

  private static SeenSpan seen(Map<String, ByteString> resource, Message span) {
    Message status =
        nested(span, 15).stream()
            .findFirst()
            .orElse(
                DynamicMessage.getDefaultInstance(
                    TRACES.getFile().findMessageTypeByName("Status")));
    return new SeenSpan(
        resource,
        attributes(nested(span, 9)),
        (ByteString) value(span, 1),
        (ByteString) value(span, 2),
        (ByteString) value(span, 3),
        (ByteString) value(span, 4),
        (ByteString) value(span, 5),
        (int) value(span, 6),
        (long) value(span, 7),
        (long) value(span, 8),
        (int) value(status, 3),
        (ByteString) value(status, 2));
  }

  private static Map<String, ByteString> attributes(List<Message> attributes) {
    Map<String, ByteString> first = new TreeMap<>();
    for (Message attribute : attributes) {
      String key = ((ByteString) value(attribute, 1)).toStringUtf8();
      List<?> values = (List<?>) value(attribute, 2);
      if (RandomMessages.KEYS.contains(key)) {
        first.putIfAbsent(
            key, values.isEmpty() ? ByteString.EMPTY : (ByteString) values.get(values.size() - 1));
      }
    }
    return first;
  }

  private static Object value(Message message, int field) {
    return message.getField(message.getDescriptorForType().findFieldByNumber(field));
  }

  private static List<Message> nested(Message message, int number) {
    var field = message.getDescriptorForType().findFieldByNumber(number);
    if (field.isRepeated()) {
      return ((List<?>) message.getField(field)).stream().map(Message.class::cast).toList();
    }
    return message.hasField(field) ? List.of((Message) message.getField(field)) : List.of();
  }

  private static void requireNoGroup(Message message) throws InvalidProtocolBufferException {
    for (UnknownFieldSet.Field field : message.getUnknownFields().asMap().values()) {
      if (!field.getGroupList().isEmpty()) {
        throw new InvalidProtocolBufferException("a group");
      }
    }
    for (Object value : message.getAllFields().values()) {
      if (value instanceof Message nested) {
        requireNoGroup(nested);
      } else if (value instanceof List<?> list) {
        for (Object element : list) {
          if (element instanceof Message nested) {
            requireNoGroup(nested);
          }
        }
      }
    }
  }

  private static FileDescriptor schema() {
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("reference.proto")
            .setSyntax("proto3")
            .addMessageType(type("Traces", many("Group", 1)))
            .addMessageType(type("Group", one("Resource", 1), many("Scope", 2)))
            .addMessageType(type("Resource", many("Attribute", 1)))
            .addMessageType(type("Scope", many("Span", 2)))
            .addMessageType(
                type(
                    "Span",
                    scalar(BYTES, 1),
                    scalar(BYTES, 2),
                    scalar(BYTES, 3),
                    scalar(BYTES, 4),
                    scalar(BYTES, 5),
                    scalar(INT, 6),
                    scalar(FIXED, 7),
                    scalar(FIXED, 8),
                    many("Attribute", 9),
                    one("Status", 15)))
            .addMessageType(
                type(
                    "Attribute",
                    scalar(BYTES, 1),
                    scalar(BYTES, 2).toBuilder().setLabel(Label.LABEL_REPEATED).build()))
            .addMessageType(type("Status", scalar(BYTES, 2), scalar(INT, 3)))
            .build();
    try {
      return FileDescriptor.buildFrom(file, new FileDescriptor[0]);
    } catch (DescriptorValidationException e) {
      throw new AssertionError(e);
    }
  }

  private static DescriptorProto type(String name, FieldDescriptorProto... fields) {
    return DescriptorProto.newBuilder().setName(name).addAllField(List.of(fields)).build();
  }

  private static FieldDescriptorProto scalar(FieldDescriptorProto.Type type, int number) {
    return FieldDescriptorProto.newBuilder()
        .setName("f" + number)
        .setNumber(number)
        .setType(type)
        .setLabel(Label.LABEL_OPTIONAL)
        .build();
  }

  private static FieldDescriptorProto one(String type, int number) {
    return scalar(FieldDescriptorProto.Type.TYPE_MESSAGE, number).toBuilder()
        .setTypeName(type)
        .build();
  }

  private static FieldDescriptorProto many(String type, int number) {
    return one(type, number).toBuilder().setLabel(Label.LABEL_REPEATED).build();
  }
}
