package dev.weir.streams.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.schemas.otlp.SpanVisitor;
import dev.weir.schemas.otlp.TracesDataReader;
import dev.weir.schemas.topic.SpanCodec;
import dev.weir.streams.filter.FilterPolicy.Attribute;
import dev.weir.streams.filter.FilterPolicy.Rule;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterPoliciesTest {
  private static final Rule SERVER = strict("kind", "SPAN_KIND_SERVER");
  private static final Rule CLIENT = strict("kind", "SPAN_KIND_CLIENT");
  private static final Rule GET = strict("name", "GET /a");

  @Test
  void shouldAcceptEverySpanWithoutPolicies() {
    assertThat(FilterPolicies.NONE.isEmpty()).isTrue();
    assertThat(accepts(FilterPolicies.NONE)).isTrue();
  }

  @Test
  void shouldLetExcludeWinOverAllOthers() {
    assertThat(accepts(of(null, null, SERVER))).isFalse();
    assertThat(accepts(of(SERVER, GET, SERVER))).isFalse();
    assertThat(accepts(of(null, null, CLIENT))).isTrue();
  }

  @Test
  void shouldLetIncludeAnyWinOverInclude() {
    assertThat(accepts(of(CLIENT, SERVER, null))).isTrue();
    assertThat(accepts(of(null, CLIENT, null))).isFalse();
    assertThat(accepts(of(null, CLIENT, null), of(null, SERVER, null))).isTrue();
  }

  @Test
  void shouldWantEveryIncludeToMatch() {
    assertThat(accepts(of(SERVER, null, null), of(GET, null, null))).isTrue();
    assertThat(accepts(of(SERVER, null, null), of(CLIENT, null, null))).isFalse();
    assertThat(accepts(of(SERVER, CLIENT, null))).isTrue();
  }

  @Test
  void shouldWantEveryConditionOfARuleToHold() {
    Attribute server = new Attribute("kind", "SPAN_KIND_SERVER");
    Attribute client = new Attribute("kind", "SPAN_KIND_CLIENT");

    assertThat(includes("strict", server, server)).isTrue();
    assertThat(includes("strict", server, client)).isFalse();
    assertThat(includes("strict")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "kind,SPAN_KIND_SERVER,true",
    "span:kind,SPAN_KIND_SERVER,true",
    "kind,SPAN_KIND_CLIENT,false",
    "status,STATUS_CODE_ERROR,true",
    "status,STATUS_CODE_OK,false",
    "name,GET /a,true",
    "name,GET,false",
    "span.foo,first,true",
    "span.foo,second,false",
    "resource.foo,of resource,true",
    "parent.span.foo,first,true",
    "span.nope,x,false",
    "span.kind,attribute,true",
    "resource.span.metrics.skip,yes,true",
    "span.\"my key\",mine,true",
    "span.int,5,false"
  })
  void shouldCompareTexts(String key, String value, boolean accepted) {
    assertThat(includes("strict", new Attribute(key, value))).isEqualTo(accepted);
  }

  @Test
  void shouldCompareWithinTheTypeOfTheWantedValue() {
    assertThat(includes("strict", new Attribute("span.int", 5))).isTrue();
    assertThat(includes("strict", new Attribute("span.int", 5.0))).isFalse();
    assertThat(includes("strict", new Attribute("span.double", 5.0))).isTrue();
    assertThat(includes("strict", new Attribute("span.double", 5))).isFalse();
    assertThat(includes("strict", new Attribute("span.bool", true))).isTrue();
  }

  @Test
  void shouldTakeAnotherTypeForTheDefaultOfTheWantedOne() {
    for (Object zero : List.of("", 0, 0.0, false)) {
      assertThat(includes("strict", new Attribute("span.array", zero))).as("%s", zero).isTrue();
      assertThat(includes("strict", new Attribute("span.nope", zero))).as("%s", zero).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "kind,SPAN_KIND_.*,true",
    "kind,SERVER|CLIENT,true",
    "kind,^SERVER,false",
    "status,ERR,true",
    "span.über,^ber,false",
    "span.über,^.ber$,true",
    "name,T /,true",
    "name,^/a,false",
    "span.foo,irs,true",
    "span.foo,^irs,false",
    "resource.foo,^of.resource$,true",
    "span.int,5,false",
    "span.int,^$,true",
    "span.nope,.*,false"
  })
  void shouldSearchTexts(String key, String regex, boolean accepted) {
    assertThat(includes("regex", new Attribute(key, regex))).isEqualTo(accepted);
  }

  @ParameterizedTest
  @CsvSource({
    "duration,unsupported intrinsic: duration",
    "rootName,unsupported intrinsic: rootName",
    "span:childCount,unsupported intrinsic: span:childCount",
    ".foo,invalid or unsupported attribute scope: .foo",
    "event.foo,invalid or unsupported attribute scope: event.foo",
    "link.foo,invalid or unsupported attribute scope: link.foo",
    "instrumentation.foo,invalid or unsupported attribute scope: instrumentation.foo",
    "kind,unsupported kind intrinsic string value: foo",
    "status,unsupported status intrinsic string value: foo"
  })
  void shouldRefuseWhatASpanCannotBeAskedFor(String key, String message) {
    assertThatThrownBy(() -> includes("strict", new Attribute(key, "foo"))).hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "(?=a)", "a**"})
  void shouldRefuseWhatIsNoRegularExpressionOfRe2(String regex) {
    assertThatThrownBy(() -> includes("regex", new Attribute("span.foo", regex)))
        .hasMessageStartingWith("invalid attribute filter regexp: ");
    assertThatThrownBy(() -> includes("regex", new Attribute("kind", regex)))
        .hasMessageStartingWith("invalid intrinsic filter regex: ");
  }

  @Test
  void shouldRefuseTypesThatAttributesDoNotHave() {
    assertThatThrownBy(() -> includes("strict", new Attribute("span.foo", List.of())))
        .hasMessageStartingWith("value type not supported: ");
    assertThatThrownBy(() -> includes("regex", new Attribute("span.foo", 5)))
        .hasMessageStartingWith("value type not supported: ");
  }

  @Test
  void shouldRefuseAPolicyWithoutRuleAndARuleOfAnotherType() {
    assertThatThrownBy(() -> of(null, null, null))
        .hasMessage("policies must have at least an `include`, `includeAny` or `exclude`");
    assertThatThrownBy(() -> includes("glob")).hasMessage("invalid match type: glob");
  }

  private static Rule strict(String key, Object value) {
    return new Rule("strict", List.of(new Attribute(key, value)));
  }

  private static FilterPolicy of(
      @org.jspecify.annotations.Nullable Rule include,
      @org.jspecify.annotations.Nullable Rule includeAny,
      @org.jspecify.annotations.Nullable Rule exclude) {
    return new FilterPolicy(
        Optional.ofNullable(include),
        Optional.ofNullable(includeAny),
        Optional.ofNullable(exclude));
  }

  private static boolean includes(String matchType, Attribute... attributes) {
    return accepts(of(new Rule(matchType, List.of(attributes)), null, null));
  }

  private static boolean accepts(FilterPolicy... policies) {
    return accepts(FilterPolicies.of(List.of(policies)));
  }

  /** Whether a span of all sorts passes. */
  private static boolean accepts(FilterPolicies policies) {
    Resource.Builder resource =
        Resource.newBuilder()
            .addAttributes(attribute("foo", text("of resource")))
            .addAttributes(attribute("span.metrics.skip", text("yes")));
    Span.Builder span =
        Span.newBuilder()
            .setName("GET /a")
            .setKind(Span.SpanKind.SPAN_KIND_SERVER)
            .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR))
            .addAttributes(attribute("foo", text("first")))
            .addAttributes(attribute("über", text("über")))
            .addAttributes(attribute("foo", text("second")))
            .addAttributes(attribute("kind", text("attribute")))
            .addAttributes(attribute("my key", text("mine")))
            .addAttributes(attribute("int", AnyValue.newBuilder().setIntValue(5).build()))
            .addAttributes(attribute("double", AnyValue.newBuilder().setDoubleValue(5).build()))
            .addAttributes(attribute("bool", AnyValue.newBuilder().setBoolValue(true).build()))
            .addAttributes(
                attribute(
                    "array",
                    AnyValue.newBuilder()
                        .setArrayValue(
                            io.opentelemetry.proto.common.v1.ArrayValue.getDefaultInstance())
                        .build()));
    ResourceSpans spans =
        ResourceSpans.newBuilder()
            .setResource(resource)
            .addScopeSpans(ScopeSpans.newBuilder().addSpans(span))
            .build();
    return accepted(policies, TracesData.newBuilder().addResourceSpans(spans).build());
  }

  private static boolean accepted(FilterPolicies policies, TracesData data) {
    SpanFilter filter = new SpanFilter(policies);
    TracesDataReader reader = new TracesDataReader();
    List<Boolean> answers = new ArrayList<>();
    SpanVisitor visitor =
        new SpanVisitor() {
          @Override
          public void resource(ResourceView resource) throws MalformedOtlpException {
            filter.resource(resource);
          }

          @Override
          public void span(SpanView span) throws MalformedOtlpException {
            answers.add(filter.accepts(span));
          }
        };
    try {
      reader.read(SpanCodec.OTLP, data.toByteArray(), visitor);
    } catch (MalformedOtlpException e) {
      throw new IllegalArgumentException(e);
    }
    return answers.get(0);
  }

  private static KeyValue attribute(String key, AnyValue value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  private static AnyValue text(String value) {
    return AnyValue.newBuilder().setStringValue(value).build();
  }
}
