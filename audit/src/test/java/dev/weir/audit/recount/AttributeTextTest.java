package dev.weir.audit.recount;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import org.junit.jupiter.api.Test;

class AttributeTextTest {
  private static final AnyValue LIST =
      AnyValue.newBuilder()
          .setArrayValue(
              ArrayValue.newBuilder()
                  .addValues(AnyValue.newBuilder().setStringValue("a\"b"))
                  .addValues(AnyValue.newBuilder().setIntValue(2))
                  .addValues(AnyValue.newBuilder().setDoubleValue(Double.NaN))
                  .addValues(AnyValue.newBuilder().setBytesValue(ByteString.copyFromUtf8("hello")))
                  .addValues(AnyValue.getDefaultInstance())
                  .addValues(
                      AnyValue.newBuilder()
                          .setKvlistValue(
                              KeyValueList.newBuilder()
                                  .addValues(
                                      KeyValue.newBuilder()
                                          .setKey("k")
                                          .setValue(AnyValue.newBuilder().setBoolValue(true))))))
          .build();

  @Test
  void shouldTellListsAsJson() throws InvalidProtocolBufferException {
    assertThat(text(true)).isEqualTo("[\"a\\\"b\",2,\"NaN\",\"aGVsbG8=\",null,{\"k\":true}]");
  }

  @Test
  void shouldRunListsTogetherIfAsked() throws InvalidProtocolBufferException {
    assertThat(text(false)).isEqualTo("[a\"b2NaN{k:true}]");
  }

  private static String text(boolean json) throws InvalidProtocolBufferException {
    return AttributeText.of(OtlpSchema.COMPLETE.anyValue(LIST.toByteArray()), json).toStringUtf8();
  }
}
