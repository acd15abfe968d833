package dev.weir.testing;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Java values as attribute values. */
public final class Attributes {
  private Attributes() {}

  /**
   * The attribute value that means the same.
   *
   * @param value a {@code String}, {@code Boolean}, {@code Integer}, {@code Long}, {@code Double},
   *     {@code byte[]}, a {@code List} of these, a {@code Map} with keys of type {@code String}, an
   *     {@code AnyValue} as it is, or null for a value that is not set
   * @throws IllegalArgumentException for any other type
   */
  public static AnyValue of(@Nullable Object value) {
    AnyValue.Builder builder = AnyValue.newBuilder();
    if (value == null) {
      return builder.build();
    } else if (value instanceof AnyValue any) {
      return any;
    } else if (value instanceof String text) {
      return builder.setStringValue(text).build();
    } else if (value instanceof Boolean flag) {
      return builder.setBoolValue(flag).build();
    } else if (value instanceof Integer || value instanceof Long) {
      return builder.setIntValue(((Number) value).longValue()).build();
    } else if (value instanceof Double number) {
      return builder.setDoubleValue(number).build();
    } else if (value instanceof byte[] bytes) {
      return builder.setBytesValue(ByteString.copyFrom(bytes)).build();
    } else if (value instanceof List<?> list) {
      return builder.setArrayValue(array(list)).build();
    } else if (value instanceof Map<?, ?> map) {
      return builder.setKvlistValue(entries(map)).build();
    }
    throw new IllegalArgumentException(
        "no attribute value has the type of " + value + ", " + value.getClass().getName());
  }

  /** One attribute; its value as {@link #of} takes it. */
  public static KeyValue attribute(String key, @Nullable Object value) {
    return KeyValue.newBuilder().setKey(key).setValue(of(value)).build();
  }

  /** {@code attributes} with {@code key} last, and there once. */
  static List<KeyValue> put(List<KeyValue> attributes, String key, @Nullable Object value) {
    List<KeyValue> changed = new ArrayList<>(attributes);
    changed.removeIf(attribute -> attribute.getKey().equals(key));
    changed.add(attribute(key, value));
    return changed;
  }

  private static ArrayValue array(List<?> list) {
    return ArrayValue.newBuilder().addAllValues(list.stream().map(Attributes::of).toList()).build();
  }

  private static KeyValueList entries(Map<?, ?> map) {
    KeyValueList.Builder entries = KeyValueList.newBuilder();
    map.forEach((key, value) -> entries.addValues(attribute((String) key, value)));
    return entries.build();
  }
}
