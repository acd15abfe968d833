package dev.weir.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Writes a message in ways that protobuf allows and its libraries never choose: fields in any
 * order, singular fields more than once, unknown fields in between. What the bytes mean may differ
 * from the message; what protobuf-java reads from them counts.
 */
final class HostileWire {
  private static final int FIRST_UNKNOWN_FIELD = 100;

  private final RandomGenerator random;

  HostileWire(RandomGenerator random) {
    this.random = random;
  }

  byte[] write(Message message) {
    List<byte[]> fields = new ArrayList<>();
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (field.isRepeated()) {
                ((List<?>) value).forEach(element -> fields.add(write(message, field, element)));
              } else {
                fields.add(write(message, field, value));
                repeatNowAndThen(message, field, value, fields);
              }
            });
    if (random.nextInt(8) == 0) {
      fields.add(unknownField());
    }
    Collections.shuffle(fields, new Random(random.nextLong()));
    return concatenated(fields);
  }

  private void repeatNowAndThen(
      Message message, FieldDescriptor field, Object value, List<byte[]> fields) {
    if (random.nextInt(10) == 0) {
      fields.add(write(message, field, value));
    }
    if (random.nextInt(20) == 0 && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      fields.add(write(message, field, ((Message) value).getDefaultInstanceForType()));
    }
  }

  private byte[] write(Message message, FieldDescriptor field, Object value) {
    if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      return nested(field.getNumber(), write((Message) value));
    }
    Message.Builder alone = message.newBuilderForType();
    if (field.isRepeated()) {
      alone.addRepeatedField(field, value);
    } else {
      alone.setField(field, value);
    }
    return alone.buildPartial().toByteArray();
  }

  private static byte[] nested(int number, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CodedOutputStream coded = CodedOutputStream.newInstance(out);
    try {
      coded.writeByteArray(number, content);
      coded.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private byte[] unknownField() {
    UnknownFieldSet.Field.Builder field = UnknownFieldSet.Field.newBuilder();
    switch (random.nextInt(4)) {
      case 0 -> field.addVarint(random.nextLong());
      case 1 -> field.addFixed32(random.nextInt());
      case 2 -> field.addFixed64(random.nextLong());
      default -> field.addLengthDelimited(ByteString.copyFrom(new byte[random.nextInt(20)]));
    }
    return UnknownFieldSet.newBuilder()
        .addField(FIRST_UNKNOWN_FIELD + random.nextInt(1000), field.build())
        .build()
        .toByteArray();
  }

  private static byte[] concatenated(List<byte[]> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    parts.forEach(out::writeBytes);
    return out.toByteArray();
  }
}
