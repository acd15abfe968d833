package dev.weir.streams.filter;

import com.google.re2j.Pattern;
import dev.weir.schemas.otlp.AnyValueView;
import dev.weir.schemas.otlp.AttributeKeys;
import dev.weir.schemas.otlp.EnumNames;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.streams.filter.FilterPolicy.Attribute;
import dev.weir.streams.filter.FilterPolicy.Rule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Makes conditions of rules, and notes what attributes they look at. */
final class Conditions {
  private static final String STRICT = "strict";
  private static final String REGEX = "regex";

  private final List<String> resourceKeys = new ArrayList<>();
  private final List<String> spanKeys = new ArrayList<>();

  AttributeKeys resourceKeys() {
    return new AttributeKeys(resourceKeys);
  }

  AttributeKeys spanKeys() {
    return new AttributeKeys(spanKeys);
  }

  /**
   * @throws IllegalArgumentException if the rule cannot be used
   */
  List<Condition> of(Rule rule) {
    boolean isRegex = rule.matchType().equals(REGEX);
    if (!isRegex && !rule.matchType().equals(STRICT)) {
      throw new IllegalArgumentException("invalid match type: " + rule.matchType());
    }
    return rule.attributes().stream().map(attribute -> of(attribute, isRegex)).toList();
  }

  private Condition of(Attribute attribute, boolean isRegex) {
    FilterKey key = FilterKey.parse(attribute.key());
    return switch (key.scope()) {
      case INTRINSIC -> intrinsic(key.name(), attribute.value(), isRegex);
      case RESOURCE -> attribute(key, indexOf(key.name(), resourceKeys), attribute, isRegex);
      case SPAN -> attribute(key, indexOf(key.name(), spanKeys), attribute, isRegex);
    };
  }

  private static int indexOf(String key, List<String> keys) {
    if (!keys.contains(key)) {
      keys.add(key);
    }
    return keys.indexOf(key);
  }

  private static Condition attribute(
      FilterKey key, int index, Attribute attribute, boolean isRegex) {
    ValueTest test =
        isRegex
            ? ValueTest.matching(
                ValueTest.compile(attribute.value(), "invalid attribute filter regexp: "))
            : ValueTest.equalTo(attribute.value());
    return (span, found) -> {
      AnyValueView value = found.value(key.scope(), index);
      return value != null && test.accepts(value);
    };
  }

  private static Condition intrinsic(String name, Object value, boolean isRegex) {
    return switch (name) {
      case "kind" -> ofEnum(name, EnumNames.KINDS, SpanView::kind, value, isRegex);
      case "status" -> ofEnum(name, EnumNames.STATUS_CODES, SpanView::statusCode, value, isRegex);
      default -> spanName(value, isRegex);
    };
  }

  private static Condition ofEnum(
      String what,
      List<String> names,
      ToIntFunction<SpanView> number,
      Object value,
      boolean isRegex) {
    if (isRegex) {
      return enumMatching(names, number, intrinsicRegex(value));
    }
    int wanted = names.indexOf(value);
    if (wanted < 0) {
      throw new IllegalArgumentException(
          "unsupported %s intrinsic string value: %s".formatted(what, value));
    }
    return (span, found) -> number.applyAsInt(span) == wanted;
  }

  /** The names are few, so that they are searched only once. */
  private static Condition enumMatching(
      List<String> names, ToIntFunction<SpanView> number, Pattern pattern) {
    boolean[] matches = new boolean[names.size()];
    for (int i = 0; i < matches.length; i++) {
      matches[i] = pattern.matcher(names.get(i)).find();
    }
    return (span, found) -> {
      int actual = number.applyAsInt(span);
      return (actual >= 0 && actual < matches.length)
          ? matches[actual]
          : pattern.matcher(Integer.toString(actual)).find();
    };
  }

  private static Condition spanName(Object value, boolean isRegex) {
    if (isRegex) {
      Pattern pattern = intrinsicRegex(value);
      return (span, found) ->
          ValueTest.finds(pattern, span.buffer(), span.nameOffset(), span.nameLength());
    }
    if (!(value instanceof String text)) {
      throw new IllegalArgumentException(
          "value type not supported: " + value.getClass().getSimpleName());
    }
    byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
    return (span, found) ->
        ValueTest.equals(wanted, span.buffer(), span.nameOffset(), span.nameLength());
  }

  private static Pattern intrinsicRegex(Object value) {
    return ValueTest.compile(value, "invalid intrinsic filter regex: ");
  }
}
