package dev.weir.schemas.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.weir.schemas.topic.SpanCodec;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PerResourceTest {
  private static final int RESOURCE_SPANS = 1;
  private static final int RESOURCE = 1;
  private static final int UNKNOWN_FIELD = 9;

  private final TracesDataReader reader = new TracesDataReader();
  private final AttributeKeys keys = new AttributeKeys(List.of("service.name", "host.name"));
  private final PerResource<AttributeValues> attributes =
      new PerResource<>(() -> new AttributeValues(keys), this::make);
  private final List<String> seen = new ArrayList<>();
  private int made;

  @Test
  void shouldMakeItOnceForEachResource() throws Exception {
    for (int i = 0; i < 3; i++) {
      read(spans(resource("shop", "a")), spans(resource("shop", "b")), spans());
    }
    assertThat(made).isEqualTo(3);
    assertThat(seen)
        .containsExactly("shop a", "shop b", "", "shop a", "shop b", "", "shop a", "shop b", "");
  }

  @Test
  void shouldTakeAResourceInPartsTogether() throws Exception {
    ByteString first =
        Resource.newBuilder().addAttributes(attribute("host.name", "a")).build().toByteString();
    for (int i = 0; i < 2; i++) {
      read(spans(first, resource("shop", "b")), spans(first), spans(resource("shop", "b")));
    }
    assertThat(seen).containsExactly("shop a", " a", "shop b", "shop a", " a", "shop b");
  }

  @Test
  void shouldReadTheResourceBehindItsSpans() throws Exception {
    ByteString behind =
        field(UNKNOWN_FIELD, ByteString.copyFromUtf8("xyz"))
            .concat(field(RESOURCE, resource("shop", "a")));
    read(behind);
    read(behind);
    assertThat(seen).containsExactly("shop a", "shop a");
  }

  @Test
  void shouldRefuseABrokenResourceEachTime() {
    ByteString broken = field(RESOURCE, field(1, ByteString.copyFrom(new byte[] {10, 100, 1})));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> read(broken)).isInstanceOf(MalformedOtlpException.class);
    }
  }

  @Test
  void shouldAskAgainWhereItCouldNotBeMade() {
    PerResource<AttributeValues> failing =
        new PerResource<>(
            () -> new AttributeValues(keys),
            (resource, into) -> {
              made++;
              throw new MalformedOtlpException("no", 0);
            });
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> read(failing, field(RESOURCE, resource("shop", "a"))))
          .isInstanceOf(MalformedOtlpException.class);
    }
    assertThat(made).isEqualTo(2);
  }

  @Test
  void shouldMakeAllAnewWhenToldToForget() throws Exception {
    read(spans(resource("shop", "a")));
    attributes.forget();
    read(spans(resource("shop", "a")));
    assertThat(made).isEqualTo(2);
    assertThat(seen).containsExactly("shop a", "shop a");
  }

  private void make(ResourceView resource, AttributeValues into) throws MalformedOtlpException {
    made++;
    resource.findAttributes(into);
  }

  private void read(ByteString... resourceSpans) throws MalformedOtlpException {
    read(attributes, resourceSpans);
  }

  private void read(PerResource<AttributeValues> by, ByteString... resourceSpans)
      throws MalformedOtlpException {
    ByteString message = ByteString.EMPTY;
    for (ByteString spans : resourceSpans) {
      message = message.concat(field(RESOURCE_SPANS, spans));
    }
    byte[] bytes = message.toByteArray();
    reader.read(
        SpanCodec.OTLP,
        bytes,
        new SpanVisitor() {
          @Override
          public void resource(ResourceView resource) throws MalformedOtlpException {
            AttributeValues values = by.of(resource);
            seen.add((text(values, 0) + " " + text(values, 1)).stripTrailing());
          }

          @Override
          public void span(SpanView span) {}
        });
    Arrays.fill(bytes, (byte) 0); // nothing may be left there that is used later
  }

  private static String text(AttributeValues values, int key) throws MalformedOtlpException {
    if (!values.isPresent(key)) {
      return "";
    }
    AnyValueText text = new AnyValueText();
    text.render(values.buffer(), values.offset(key), values.length(key));
    return new String(text.buffer(), text.offset(), text.length(), StandardCharsets.UTF_8);
  }

  private static ByteString spans(ByteString... resources) {
    ByteString spans = ByteString.EMPTY;
    for (ByteString resource : resources) {
      spans = spans.concat(field(RESOURCE, resource));
    }
    return spans;
  }

  private static ByteString resource(String service, String host) {
    return Resource.newBuilder()
        .addAttributes(attribute("service.name", service))
        .addAttributes(attribute("host.name", host))
        .build()
        .toByteString();
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static ByteString field(int number, ByteString content) {
    return UnknownFieldSet.newBuilder()
        .addField(number, UnknownFieldSet.Field.newBuilder().addLengthDelimited(content).build())
        .build()
        .toByteString();
  }
}
