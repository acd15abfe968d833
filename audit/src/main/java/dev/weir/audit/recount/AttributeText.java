package dev.weir.audit.recount;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Attribute values as labels tell them; strings are bytes, since they may be no text. */
final class AttributeText {
  private AttributeText() {}

  /**
   * The text of an {@code AnyValue}.
   *
   * @param json whether arrays and maps are JSON
   */
  static ByteString of(Message value, boolean json) {
    return value.getAllFields().entrySet().stream()
        .findFirst()
        .map(member -> text(member.getKey().getName(), member.getValue(), json))
        .orElse(ByteString.EMPTY);
  }

  /** Bytes are not told. */
  private static ByteString text(String type, Object member, boolean json) {
    return switch (type) {
      case "string_value" -> (ByteString) member;
      case "bool_value", "int_value" -> ByteString.copyFromUtf8(member.toString());
      case "double_value" -> ByteString.copyFromUtf8(decimal((Double) member));
      case "array_value" ->
          enclosed("[", values(member).stream().map(each -> element(each, json)), "]", json);
      case "kvlist_value" ->
          enclosed("{", values(member).stream().map(each -> entry(each, json)), "}", json);
      default -> ByteString.EMPTY;
    };
  }

  private static ByteString element(Message value, boolean json) {
    if (!json) {
      return of(value, false);
    }
    return value.getAllFields().entrySet().stream()
        .findFirst()
        .map(member -> element(member.getKey().getName(), member.getValue()))
        .orElse(ByteString.copyFromUtf8("null"));
  }

  private static ByteString element(String type, Object member) {
    return switch (type) {
      case "string_value" -> quoted((ByteString) member);
      case "bytes_value" ->
          quoted(
              ByteString.copyFrom(Base64.getEncoder().encode(((ByteString) member).toByteArray())));
      case "double_value" ->
          Double.isFinite((Double) member)
              ? text(type, member, true)
              : quoted(ByteString.copyFromUtf8(member.toString()));
      default -> text(type, member, true);
    };
  }

  private static ByteString entry(Message entry, boolean json) {
    ByteString key = (ByteString) field(entry, "key");
    return (json ? quoted(key) : key)
        .concat(ByteString.copyFromUtf8(":"))
        .concat(element((Message) field(entry, "value"), json));
  }

  private static ByteString quoted(ByteString text) {
    ByteArrayOutputStream quoted = new ByteArrayOutputStream();
    quoted.write('"');
    for (byte each : text) {
      if (each >= 0 && each < ' ') {
        quoted.writeBytes("\\u%04x".formatted((int) each).getBytes(StandardCharsets.US_ASCII));
        continue;
      }
      if (each == '"' || each == '\\') {
        quoted.write('\\');
      }
      quoted.write(each);
    }
    quoted.write('"');
    return ByteString.copyFrom(quoted.toByteArray());
  }

  private static List<Message> values(Object list) {
    return ((List<?>) field((Message) list, "values"))
        .stream().map(Message.class::cast).collect(Collectors.toList());
  }

  private static Object field(Message message, String name) {
    return message.getField(message.getDescriptorForType().findFieldByName(name));
  }

  private static ByteString enclosed(
      String open, Stream<ByteString> elements, String close, boolean json) {
    ByteString comma = ByteString.copyFromUtf8(json ? "," : "");
    return ByteString.copyFromUtf8(open)
        .concat(elements.reduce((a, b) -> a.concat(comma).concat(b)).orElse(ByteString.EMPTY))
        .concat(ByteString.copyFromUtf8(close));
  }

  private static String decimal(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
