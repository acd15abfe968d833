package dev.weir.schemas.otlp;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Random bytes that are valid for a message type, in all the ways that protobuf allows: fields in
 * any order and any number, singular ones too, unknown fields, known fields with another wire type,
 * varints longer than they need be. The same seed gives the same bytes.
 */
final class RandomMessages {
  /** Keys that attributes have, so that a reader can be asked for them. */
  static final List<String> KEYS =
      List.of("service.name", "http.method", "db.system", "x", "\u00fc.key", "http.metho\u0434");

  /** Where the reader takes the last occurrence and protobuf merges them all; tested separately. */
  private static final Set<String> ONCE =
      Set.of("KeyValue.value", "AnyValue.array_value", "AnyValue.kvlist_value");

  private static final int MAX_DEPTH = 12;

  private final RandomGenerator random;

  RandomMessages(long seed) {
    this.random = new SplittableRandom(seed);
  }

  byte[] next(Descriptor type) {
    return message(type, 0);
  }

  private byte[] message(Descriptor type, int depth) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Set<FieldDescriptor> written = new HashSet<>();
    int fields = depth > MAX_DEPTH ? 0 : count(type);
    for (int i = 0; i < fields; i++) {
      FieldDescriptor field = type.getFields().get(random.nextInt(type.getFields().size()));
      if (field.getName().endsWith("_strindex")) {
        continue; // means something in profiles only
      }
      if (written.add(field) || !ONCE.contains(type.getName() + "." + field.getName())) {
        write(out, field, depth);
      }
    }
    return out.toByteArray();
  }

  private int count(Descriptor type) {
    return switch (type.getName()) {
      case "Span" -> random.nextInt(40);
      case "KeyValue" -> 6;
      case "AnyValue" -> random.nextInt(8) == 0 ? random.nextInt(3) : 1;
      default -> random.nextInt(6);
    };
  }

  private void write(ByteArrayOutputStream out, FieldDescriptor field, int depth) {
    if (random.nextInt(25) == 0) {
      stranger(out, 1000 + random.nextInt(1_000_000), random.nextInt(4));
    }
    int number = field.getNumber();
    switch (field.getType()) {
      case MESSAGE -> delimited(out, number, message(field.getMessageType(), depth + 1));
      case STRING -> delimited(out, number, text(field.getName()).getBytes(StandardCharsets.UTF_8));
      case BYTES -> delimited(out, number, bytes(random.nextInt(4) == 0 ? random.nextInt(40) : 8));
      case DOUBLE -> fixed64(out, number, Double.doubleToLongBits(random.nextInt(-999, 999) / 8.0));
      case FIXED64 -> fixed64(out, number, random.nextLong() >> random.nextInt(64));
      case FIXED32 -> fixed32(out, number, random.nextInt());
      default -> scalar(out, number, random.nextLong() >> random.nextInt(64));
    }
    if (random.nextInt(40) == 0) {
      otherWireType(out, field);
    }
  }

  private void otherWireType(ByteArrayOutputStream out, FieldDescriptor field) {
    boolean delimited =
        switch (field.getType()) {
          case MESSAGE, STRING, BYTES -> true;
          default -> false;
        };
    stranger(out, field.getNumber(), delimited ? 0 : 3);
  }

  private void stranger(ByteArrayOutputStream out, int number, int kind) {
    switch (kind) {
      case 0 -> scalar(out, number, random.nextLong());
      case 1 -> fixed64(out, number, random.nextLong());
      case 2 -> fixed32(out, number, random.nextInt());
      default -> delimited(out, number, bytes(random.nextInt(9)));
    }
  }

  private String text(String field) {
    if (field.equals("key")) {
      return KEYS.get(random.nextInt(KEYS.size()));
    }
    return switch (random.nextInt(5)) {
      case 0 -> "";
      case 1 -> "\ud83d\ude80\u0000".repeat(random.nextInt(3));
      case 2 -> "x".repeat(random.nextInt(300));
      default -> "text " + random.nextInt(100);
    };
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private void scalar(ByteArrayOutputStream out, int number, long value) {
    varint(out, (long) number << 3 | WireReader.VARINT);
    varint(out, value);
  }

  private void fixed64(ByteArrayOutputStream out, int number, long value) {
    varint(out, (long) number << 3 | WireReader.FIXED64);
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  private void fixed32(ByteArrayOutputStream out, int number, int value) {
    varint(out, (long) number << 3 | WireReader.FIXED32);
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private void delimited(ByteArrayOutputStream out, int number, byte[] content) {
    varint(out, (long) number << 3 | WireReader.LENGTH_DELIMITED);
    varint(out, content.length);
    out.writeBytes(content);
  }

  /** Now and then with up to four bytes that add nothing. */
  private void varint(ByteArrayOutputStream out, long value) {
    int superfluous = random.nextInt(30) == 0 ? random.nextInt(5) : 0;
    long rest = value;
    int length = 1;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) rest | 0x80);
      rest >>>= 7;
      length++;
    }
    superfluous = Math.min(superfluous, 10 - length);
    out.write((int) rest | (superfluous > 0 ? 0x80 : 0));
    for (int i = superfluous; i > 0; i--) {
      out.write(i > 1 ? 0x80 : 0);
    }
  }
}
