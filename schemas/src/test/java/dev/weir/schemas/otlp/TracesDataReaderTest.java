package dev.weir.schemas.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.weir.schemas.topic.SpanCodec;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TracesDataReaderTest {
  private static final Pattern ENDLESS_VARINT =
      Pattern.compile("varint longer than 10 bytes at byte (\\d+)");

  private final TracesDataReader reader = new TracesDataReader();

  @Test
  void shouldShowWhatProtobufJavaReads() throws Exception {
    int spans = 0;
    for (long seed = 1; seed <= 5000; seed++) {
      byte[] message = new RandomMessages(seed).next(TracesData.getDescriptor());
      List<SeenSpan> expected = seen(TracesData.parseFrom(message));
      for (int i = 0; i < 2; i++) { // once more with resources that came before
        assertThat(parsedValues(SeenSpan.by(reader, SpanCodec.OTLP, message)))
            .as("seed %d", seed)
            .isEqualTo(expected);
      }
      spans += expected.size();
    }
    assertThat(spans).isGreaterThan(3000);
  }

  @Test
  void shouldShowWhereTheSpanStands() throws Exception {
    for (long seed = 1; seed <= 500; seed++) {
      byte[] message = new RandomMessages(seed).next(TracesData.getDescriptor());
      List<Span> found = new ArrayList<>();
      reader.read(
          SpanCodec.OTLP,
          message,
          onSpan(
              span ->
                  found.add(parsed(SeenSpan.slice(span.buffer(), span.offset(), span.length())))));
      assertThat(found).as("seed %d", seed).isEqualTo(spans(TracesData.parseFrom(message)));
    }
  }

  @Test
  void shouldDecideAsProtobufJavaDoesOnDamagedBytes() {
    int refused = 0;
    int shown = 0;
    for (long seed = 1; seed <= 20_000; seed++) {
      byte[] message = damaged(seed);
      Verdict verdict = agree(message, "seed " + seed);
      refused += verdict.refused() ? 1 : 0;
      shown += verdict.spans();
    }
    assertThat(refused).isGreaterThan(3000);
    assertThat(shown).isGreaterThan(3000);
  }

  @Test
  void shouldDecideAsProtobufJavaDoesOnMessagesCutAnywhere() {
    for (long seed = 1; seed <= 15; seed++) {
      byte[] message = new RandomMessages(seed).next(TracesData.getDescriptor());
      int longest = Math.min(message.length, 3000);
      for (int length = 0; length <= longest; length++) {
        agree(Arrays.copyOf(message, length), "seed " + seed + " cut to " + length);
      }
    }
  }

  @Test
  void shouldDecideAsProtobufJavaDoesOnGarbage() {
    for (long seed = 1; seed <= 100_000; seed++) {
      RandomGenerator random = new SplittableRandom(seed);
      byte[] garbage = new byte[random.nextInt(30)];
      random.nextBytes(garbage);
      agree(garbage, "seed " + seed);
    }
  }

  @Test
  void shouldAcceptStringsThatAreNotUtf8() throws Exception {
    ByteString invalid = ByteString.copyFrom(new byte[] {'a', (byte) 0xFF});
    byte[] span =
        UnknownFieldSet.newBuilder()
            .addField(5, UnknownFieldSet.Field.newBuilder().addLengthDelimited(invalid).build())
            .build()
            .toByteArray();
    byte[] message = inAScope(span);

    assertThatThrownBy(() -> TracesData.parseFrom(message))
        .isInstanceOf(InvalidProtocolBufferException.class);
    assertThat(SeenSpan.by(reader, SpanCodec.OTLP, message))
        .extracting(SeenSpan::name)
        .containsExactly(invalid);
  }

  @Test
  void shouldNotShowAnAbsentFieldWhereALongerMessageHadIt() throws Exception {
    byte[] longer = message(Span.newBuilder().setName("n".repeat(500)).setTraceState("t"));
    byte[] shorter = message(Span.newBuilder().setFlags(1));
    List<Integer> offsets = new ArrayList<>();

    reader.read(SpanCodec.OTLP, longer, onSpan(span -> {}));
    reader.read(
        SpanCodec.OTLP,
        shorter,
        onSpan(span -> offsets.addAll(List.of(span.nameOffset(), span.traceStateOffset()))));

    assertThat(offsets).hasSize(2).allMatch(offset -> offset <= shorter.length);
  }

  @Test
  void shouldRefuseGroups() throws Exception {
    byte[] message = {(9 << 3) | 3, (9 << 3) | 4};

    assertThat(TracesData.parseFrom(message).getUnknownFields().hasField(9)).isTrue();
    assertThatThrownBy(() -> reader.read(SpanCodec.OTLP, message, onSpan(span -> {})))
        .isInstanceOf(MalformedOtlpException.class)
        .hasMessage("wire type 3 of field 9 at byte 0");
  }

  @Test
  void shouldTakeTheLastOfARepeatedAttributeValueAndTheFirstOfARepeatedKey() throws Exception {
    KeyValue once = keyValue("x", "a");
    byte[] twice =
        once.toByteString()
            .concat(KeyValue.newBuilder().setValue(text("b")).build().toByteString())
            .toByteArray();
    byte[] span =
        Span.newBuilder()
            .addAttributes(KeyValue.getDefaultInstance())
            .build()
            .toByteString()
            .concat(attribute(twice))
            .concat(attribute(keyValue("x", "c").toByteArray()))
            .toByteArray();

    assertThat(SeenSpan.by(reader, SpanCodec.OTLP, inAScope(span)).get(0).attributes())
        .isEqualTo(Map.of("x", text("b").toByteString()));
  }

  @Test
  void shouldReadEveryTraceOfAPushBytesRequest() throws Exception {
    byte[] one = message(Span.newBuilder().setName("one"));
    byte[] two = message(Span.newBuilder().setName("two"));
    byte[] request = pushBytes(one, two);

    assertThat(SeenSpan.by(reader, SpanCodec.PUSH_BYTES, request))
        .extracting(span -> span.name().toStringUtf8())
        .containsExactly("one", "two");
  }

  @Test
  void shouldKeepToTheSliceOfATraceInAPushBytesRequest() {
    for (long seed = 1; seed <= 5000; seed++) {
      byte[] damaged = damaged(seed);
      byte[] valid = message(Span.newBuilder().setName("after"));
      Object alone = verdict(SpanCodec.OTLP, damaged);
      Object enclosed = verdict(SpanCodec.PUSH_BYTES, pushBytes(damaged, valid));

      if (alone instanceof List<?> spans) {
        List<Object> expected = new ArrayList<>(spans);
        expected.addAll((List<?>) verdict(SpanCodec.OTLP, valid));
        assertThat(enclosed).as("seed %d", seed).isEqualTo(expected);
      } else {
        assertThat(enclosed).as("seed %d", seed).isInstanceOf(MalformedOtlpException.class);
      }
    }
  }

  @Test
  void shouldFindOutWhetherAPushBytesRequestWantsNoMetrics() throws Exception {
    byte[] traces = pushBytes(message(Span.newBuilder()));
    byte[] flagged = Arrays.copyOf(traces, traces.length + 2);
    flagged[traces.length] = 5 << 3;
    flagged[traces.length + 1] = 1;

    assertThat(reader.skipsMetrics(traces)).isFalse();
    assertThat(reader.skipsMetrics(flagged)).isTrue();
    assertThatThrownBy(() -> reader.skipsMetrics(Arrays.copyOf(flagged, flagged.length - 1)))
        .isInstanceOf(MalformedOtlpException.class);
  }

  @Test
  void shouldGiveADurationOfZeroToASpanThatEndsBeforeItBegins() throws Exception {
    assertThat(duration(5, 3)).isZero();
    assertThat(duration(5, 5)).isZero();
    assertThat(duration(3, 5)).isEqualTo(2);
    assertThat(duration(Long.MAX_VALUE, Long.MIN_VALUE)).isEqualTo(1);
    assertThat(duration(0, -1)).isEqualTo(-1); // unsigned: the longest there is
  }

  private long duration(long start, long end) throws MalformedOtlpException {
    List<Long> durations = new ArrayList<>();
    byte[] message = message(Span.newBuilder().setStartTimeUnixNano(start).setEndTimeUnixNano(end));
    reader.read(SpanCodec.OTLP, message, onSpan(span -> durations.add(span.durationNanos())));
    return durations.get(0);
  }

  /** Both accept and see the same, or both refuse, ours with its one exception. */
  private Verdict agree(byte[] message, String what) {
    Object ours = verdict(SpanCodec.OTLP, message);
    try {
      List<SeenSpan> expected = ReferenceReader.read(message);
      if (ours instanceof MalformedOtlpException e && endlessVarint(e, message)) {
        return new Verdict(true, 0);
      }
      assertThat(ours).as(what).isEqualTo(expected);
      return new Verdict(false, expected.size());
    } catch (InvalidProtocolBufferException e) {
      assertThat(ours).as(what).isInstanceOf(MalformedOtlpException.class);
      return new Verdict(true, 0);
    }
  }

  /**
   * Whether there are ten bytes where the refusal says, each of which announces another. On such
   * protobuf-java alone stops at the tenth and takes what follows for a tag.
   */
  private static boolean endlessVarint(MalformedOtlpException refusal, byte[] message) {
    Matcher varint = ENDLESS_VARINT.matcher(refusal.getMessage());
    return varint.matches()
        && IntStream.range(0, 10).allMatch(i -> message[Integer.parseInt(varint.group(1)) + i] < 0);
  }

  private record Verdict(boolean refused, int spans) {}

  private Object verdict(SpanCodec codec, byte[] message) {
    List<SeenSpan> seen = new ArrayList<>();
    Throwable refusal = catchThrowable(() -> seen.addAll(SeenSpan.by(reader, codec, message)));
    return refusal == null ? seen : refusal;
  }

  /** A valid message with one to four bytes changed, taken out or put in. */
  private static byte[] damaged(long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    byte[] message = new RandomMessages(seed).next(TracesData.getDescriptor());
    for (int faults = 1 + random.nextInt(4); faults > 0 && message.length > 0; faults--) {
      int at = random.nextInt(message.length);
      switch (random.nextInt(4)) {
        case 0 -> message[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> message[at] = (byte) random.nextInt();
        case 2 -> message = without(message, at);
        default -> message = with(message, at, (byte) random.nextInt());
      }
    }
    return message;
  }

  private static byte[] without(byte[] message, int at) {
    byte[] shorter = Arrays.copyOf(message, message.length - 1);
    System.arraycopy(message, at + 1, shorter, at, shorter.length - at);
    return shorter;
  }

  private static byte[] with(byte[] message, int at, byte added) {
    byte[] longer = Arrays.copyOf(message, message.length + 1);
    System.arraycopy(message, at, longer, at + 1, message.length - at);
    longer[at] = added;
    return longer;
  }

  private static List<SeenSpan> seen(TracesData message) {
    List<SeenSpan> seen = new ArrayList<>();
    for (ResourceSpans group : message.getResourceSpansList()) {
      Map<String, ByteString> resource = firsts(group.getResource().getAttributesList());
      group.getScopeSpansList().stream()
          .flatMap(scope -> scope.getSpansList().stream())
          .forEach(span -> seen.add(seen(resource, span)));
    }
    return seen;
  }

  private static SeenSpan seen(Map<String, ByteString> resource, Span span) {
    return new SeenSpan(
        resource,
        firsts(span.getAttributesList()),
        span.getTraceId(),
        span.getSpanId(),
        span.getTraceStateBytes(),
        span.getParentSpanId(),
        span.getNameBytes(),
        span.getKindValue(),
        span.getStartTimeUnixNano(),
        span.getEndTimeUnixNano(),
        span.getStatus().getCodeValue(),
        span.getStatus().getMessageBytes());
  }

  private static Map<String, ByteString> firsts(List<KeyValue> attributes) {
    Map<String, ByteString> firsts = new TreeMap<>();
    attributes.stream()
        .filter(attribute -> RandomMessages.KEYS.contains(attribute.getKey()))
        .forEach(
            attribute ->
                firsts.putIfAbsent(attribute.getKey(), attribute.getValue().toByteString()));
    return firsts;
  }

  /** Values as protobuf-java would write them, whatever way they were written. */
  private static List<SeenSpan> parsedValues(List<SeenSpan> spans) throws Exception {
    List<SeenSpan> parsed = new ArrayList<>();
    for (SeenSpan span : spans) {
      parsed.add(
          new SeenSpan(
              rewritten(span.resource()),
              rewritten(span.attributes()),
              span.traceId(),
              span.spanId(),
              span.traceState(),
              span.parentSpanId(),
              span.name(),
              span.kind(),
              span.startUnixNanos(),
              span.endUnixNanos(),
              span.statusCode(),
              span.statusMessage()));
    }
    return parsed;
  }

  private static Map<String, ByteString> rewritten(Map<String, ByteString> values)
      throws Exception {
    Map<String, ByteString> rewritten = new TreeMap<>();
    for (Map.Entry<String, ByteString> value : values.entrySet()) {
      rewritten.put(value.getKey(), AnyValue.parseFrom(value.getValue()).toByteString());
    }
    return rewritten;
  }

  private static List<Span> spans(TracesData message) {
    return message.getResourceSpansList().stream()
        .flatMap(group -> group.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  private static Span parsed(ByteString span) {
    try {
      return Span.parseFrom(span);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static SpanVisitor onSpan(Consumer<SpanView> action) {
    return new SpanVisitor() {
      @Override
      public void resource(ResourceView resource) {}

      @Override
      public void span(SpanView span) {
        action.accept(span);
      }
    };
  }

  private static byte[] message(Span.Builder span) {
    return TracesData.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
        .build()
        .toByteArray();
  }

  private static byte[] inAScope(byte[] span) {
    return delimited(1, delimited(2, delimited(2, ByteString.copyFrom(span)))).toByteArray();
  }

  private static ByteString attribute(byte[] keyValue) {
    return delimited(9, ByteString.copyFrom(keyValue));
  }

  private static byte[] pushBytes(byte[]... traces) {
    ByteString request = ByteString.EMPTY;
    for (byte[] trace : traces) {
      request = request.concat(delimited(2, ByteString.copyFrom(trace)));
    }
    return request.toByteArray();
  }

  private static ByteString delimited(int field, ByteString content) {
    return UnknownFieldSet.newBuilder()
        .addField(field, UnknownFieldSet.Field.newBuilder().addLengthDelimited(content).build())
        .build()
        .toByteString();
  }

  private static KeyValue keyValue(String key, String value) {
    return KeyValue.newBuilder().setKey(key).setValue(text(value)).build();
  }

  private static AnyValue text(String text) {
    return AnyValue.newBuilder().setStringValue(text).build();
  }
}
