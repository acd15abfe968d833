package dev.weir.audit.recount;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;

/** Attribute values as labels tell them; strings are bytes, since they may be no text. */
final class AttributeText {
  private AttributeText() {}

  /** The text of an {@code AnyValue}. */
  static ByteString of(Message value) {
    return value.getAllFields().entrySet().stream()
        .findFirst()
        .map(member -> text(member.getKey().getName(), member.getValue()))
        .orElse(ByteString.EMPTY);
  }

  /** Bytes are not told. */
  private static ByteString text(String type, Object member) {
    return switch (type) {
      case "string_value" -> (ByteString) member;
      case "bool_value", "int_value" -> ByteString.copyFromUtf8(member.toString());
      case "double_value" -> ByteString.copyFromUtf8(decimal((Double) member));
      case "array_value" ->
          enclosed("[", values(member).stream().map(AttributeText::of).toList(), "]");
      case "kvlist_value" ->
          enclosed("{", values(member).stream().map(AttributeText::entry).toList(), "}");
      default -> ByteString.EMPTY;
    };
  }

  private static ByteString entry(Message entry) {
    return ((ByteString) field(entry, "key"))
        .concat(ByteString.copyFromUtf8(":"))
        .concat(of((Message) field(entry, "value")));
  }

  private static List<Message> values(Object list) {
    return ((List<?>) field((Message) list, "values"))
        .stream().map(Message.class::cast).collect(Collectors.toList());
  }

  private static Object field(Message message, String name) {
    return message.getField(message.getDescriptorForType().findFieldByName(name));
  }

  private static ByteString enclosed(String open, List<ByteString> elements, String close) {
    return ByteString.copyFromUtf8(open)
        .concat(ByteString.copyFrom(elements))
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
