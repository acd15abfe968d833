package dev.weir.schemas.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AnyValueTextTest {
  private final AnyValueText asTempo = new AnyValueText(false);
  private final AnyValueText asJson = new AnyValueText();
  private AnyValueText text = asTempo;

  @Test
  void shouldRenderWhatProtobufJavaReads() throws Exception {
    for (long seed = 1; seed <= 20_000; seed++) {
      byte[] message = new RandomMessages(seed).next(AnyValue.getDescriptor());
      assertThat(rendered(message))
          .as("seed %d", seed)
          .isEqualTo(expected(AnyValue.parseFrom(message)));
    }
  }

  @Test
  void shouldRenderTheSameAsJsonIfAsked() throws Exception {
    text = asJson;
    for (long seed = 1; seed <= 20_000; seed++) {
      byte[] message = new RandomMessages(seed).next(AnyValue.getDescriptor());
      AnyValue value = AnyValue.parseFrom(message);
      boolean isList = value.hasArrayValue() || value.hasKvlistValue();

      assertThat(rendered(message))
          .as("seed %d", seed)
          .isEqualTo(isList ? json(value) : expected(value));
    }
  }

  private static String json(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> quoted(value.getStringValue());
      case BYTES_VALUE ->
          quoted(Base64.getEncoder().encodeToString(value.getBytesValue().toByteArray()));
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream()
              .map(AnyValueTextTest::json)
              .collect(Collectors.joining(",", "[", "]"));
      case KVLIST_VALUE ->
          value.getKvlistValue().getValuesList().stream()
              .map(entry -> quoted(entry.getKey()) + ":" + json(entry.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      case VALUE_NOT_SET, STRING_VALUE_STRINDEX -> "null";
      default -> expected(value);
    };
  }

  private static String quoted(String text) {
    return text.chars()
        .mapToObj(
            c ->
                c < ' '
                    ? "\\u%04x".formatted(c)
                    : c == '"' || c == '\\' ? "\\" + (char) c : "" + (char) c)
        .collect(Collectors.joining("", "\"", "\""));
  }

  @Test
  void shouldWriteEachKindOfElementAsJson() throws MalformedOtlpException {
    text = asJson;
    AnyValue list =
        list(
            string("a\"b\\\n\u00e9"),
            AnyValue.newBuilder().setBoolValue(true).build(),
            AnyValue.newBuilder().setIntValue(-7).build(),
            AnyValue.newBuilder().setDoubleValue(1e21).build(),
            AnyValue.newBuilder().setDoubleValue(Double.NaN).build(),
            AnyValue.newBuilder().setDoubleValue(Double.NEGATIVE_INFINITY).build(),
            AnyValue.newBuilder().setBytesValue(ByteString.copyFromUtf8("hello")).build(),
            AnyValue.getDefaultInstance(),
            list(),
            map());

    assertThat(rendered(list.toByteArray()))
        .isEqualTo(
            "[\"a\\\"b\\\\\\u000a\u00e9\",true,-7,1000000000000000000000,\"NaN\",\"-Infinity\","
                + "\"aGVsbG8=\",null,[],{\"k\":null}]");
  }

  @Test
  void shouldTellWhatHasNoText() throws MalformedOtlpException {
    assertThat(isEmpty(AnyValue.getDefaultInstance())).isTrue();
    assertThat(isEmpty(string(""))).isTrue();
    assertThat(isEmpty(AnyValue.newBuilder().setBytesValue(ByteString.copyFromUtf8("x")).build()))
        .isTrue();
    assertThat(isEmpty(string("x"))).isFalse();
    assertThat(isEmpty(AnyValue.newBuilder().setIntValue(0).build())).isFalse();
    assertThat(isEmpty(list())).isFalse();
  }

  private boolean isEmpty(AnyValue value) throws MalformedOtlpException {
    return text.isEmpty(value.toByteArray(), 0, value.getSerializedSize());
  }

  private static AnyValue list(AnyValue... elements) {
    return AnyValue.newBuilder()
        .setArrayValue(ArrayValue.newBuilder().addAllValues(Arrays.asList(elements)))
        .build();
  }

  private static AnyValue map() {
    return AnyValue.newBuilder()
        .setKvlistValue(KeyValueList.newBuilder().addValues(KeyValue.newBuilder().setKey("k")))
        .build();
  }

  @Test
  void shouldRefuseADamagedValueOrRenderIt() {
    int refused = 0;
    for (long seed = 1; seed <= 20_000; seed++) {
      RandomGenerator random = new SplittableRandom(seed);
      byte[] message = new RandomMessages(seed).next(AnyValue.getDescriptor());
      if (message.length > 0) {
        message[random.nextInt(message.length)] = (byte) random.nextInt();
        refused += refuses(Arrays.copyOf(message, random.nextInt(message.length + 1))) ? 1 : 0;
      }
    }
    assertThat(refused).isBetween(1000, 19_000);
  }

  @Test
  void shouldKeepToItsSlice() throws Exception {
    for (long seed = 1; seed <= 2000; seed++) {
      byte[] message = new RandomMessages(seed).next(AnyValue.getDescriptor());
      byte[] padded = new byte[message.length + 20];
      Arrays.fill(padded, (byte) 0x2A);
      System.arraycopy(message, 0, padded, 10, message.length);

      text.render(padded, 10, message.length);

      assertThat(text()).as("seed %d", seed).isEqualTo(expected(AnyValue.parseFrom(message)));
    }
  }

  @Test
  void shouldRenderOneValueOfARepeatedOne() throws Exception {
    ByteString entry =
        KeyValue.newBuilder().setKey("k").setValue(string("a")).build().toByteString();
    ByteString again = KeyValue.newBuilder().setValue(string("b")).build().toByteString();
    AnyValue map =
        AnyValue.newBuilder()
            .setKvlistValue(
                KeyValueList.newBuilder().addValues(KeyValue.parseFrom(entry.concat(again))))
            .build();

    assertThat(rendered(map.toByteArray())).isEqualTo("{k:b}");
    assertThat(rendered(mapOf(entry.concat(again)))).isEqualTo("{k:b}");
  }

  @Test
  void shouldRefuseWhatIsNestedWithoutEnd() {
    AnyValue nested = string("core");
    for (int i = 0; i < 200; i++) {
      nested =
          AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(nested)).build();
    }
    byte[] message = nested.toByteArray();
    assertThatThrownBy(() -> rendered(message))
        .isInstanceOf(MalformedOtlpException.class)
        .hasMessageContaining("nested deeper than 100 levels");
  }

  private boolean refuses(byte[] message) {
    try {
      rendered(message);
      return false;
    } catch (MalformedOtlpException e) {
      return true;
    }
  }

  private String rendered(byte[] message) throws MalformedOtlpException {
    text.render(message, 0, message.length);
    return text();
  }

  private String text() {
    return new String(text.buffer(), text.offset(), text.length(), StandardCharsets.UTF_8);
  }

  private static String expected(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case INT_VALUE -> Long.toString(value.getIntValue());
      case DOUBLE_VALUE -> decimal(value.getDoubleValue());
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream()
              .map(AnyValueTextTest::expected)
              .collect(Collectors.joining("", "[", "]"));
      case KVLIST_VALUE ->
          value.getKvlistValue().getValuesList().stream()
              .map(entry -> entry.getKey() + ":" + expected(entry.getValue()))
              .collect(Collectors.joining("", "{", "}"));
      default -> "";
    };
  }

  private static String decimal(double value) {
    return value == 0 ? "0" : new BigDecimal(value).stripTrailingZeros().toPlainString();
  }

  private static AnyValue string(String text) {
    return AnyValue.newBuilder().setStringValue(text).build();
  }

  /** An {@code AnyValue} with a map of one entry, byte for byte. */
  private static byte[] mapOf(ByteString entry) {
    byte[] message = new byte[entry.size() + 4];
    message[0] = 6 << 3 | WireReader.LENGTH_DELIMITED;
    message[1] = (byte) (entry.size() + 2);
    message[2] = 1 << 3 | WireReader.LENGTH_DELIMITED;
    message[3] = (byte) entry.size();
    entry.copyTo(message, 4);
    return message;
  }
}
