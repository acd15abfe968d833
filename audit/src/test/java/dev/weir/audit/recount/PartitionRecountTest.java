package dev.weir.audit.recount;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.weir.audit.books.Counts;
import dev.weir.audit.books.DeadLetters;
import dev.weir.audit.books.PartitionBooks;
import dev.weir.audit.books.Scope;
import dev.weir.schemas.topic.SpanCodec;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PartitionRecountTest {
  private final DeadLetters deadLetters = new DeadLetters(0, true);
  private final PartitionBooks books =
      new PartitionBooks(new Scope(0, 0, 1000, 0, 1000, true), List.of(), deadLetters);
  private long offset;

  @Test
  void shouldCountSpansAndSidesOfCalls() {
    accept(
        recount(SpanCodec.OTLP),
        20_000,
        traces(
            span("a", Span.SpanKind.SPAN_KIND_CLIENT),
            span("b", Span.SpanKind.SPAN_KIND_INTERNAL)));
    assertThat(counts())
        .extracting(Counts::received, Counts::counted, Counts::halfEdges)
        .containsExactly(2L, 2L, 1L);
  }

  @Test
  void shouldKnowLateRecordsByThePartitionsOwnTime() {
    PartitionRecount recount = recount(SpanCodec.OTLP);
    accept(recount, 40_000, traces(span("a", Span.SpanKind.SPAN_KIND_CLIENT)));
    accept(recount, 39_900, traces(span("in the bound", Span.SpanKind.SPAN_KIND_CLIENT)));
    accept(recount, 20_000, traces(span("late", Span.SpanKind.SPAN_KIND_CLIENT)));
    assertThat(counts().late()).isEqualTo(1);
    assertThat(recount.countedByWindow()).containsOnlyKeys(2L);
  }

  @Test
  void shouldCreditWhatNobodyConfirmsToTheCurrentWindow() {
    PartitionRecount recount = recount(true);
    recount.accept(new LogRecord(offset++, 20_000, ByteString.EMPTY, ByteString.EMPTY, true));
    accept(recount, 80_001, traces(span("ahead", Span.SpanKind.SPAN_KIND_CLIENT)));
    accept(recount, 80_000, traces(span("just not", Span.SpanKind.SPAN_KIND_CLIENT)));

    assertThat(counts().ahead()).isEqualTo(1);
    assertThat(recount.countedByWindow()).containsOnlyKeys(1L, 5L);
    assertThat(recount.openFrom()).isEqualTo(70 / 15);
  }

  @Test
  void shouldBelieveWhatEnoughAgreeOn() {
    PartitionRecount recount = recount(true);
    for (int i = 0; i < 31; i++) {
      accept(recount, 500_000 + i, new byte[0]);
      assertThat(recount.openFrom()).isZero();
    }
    accept(recount, 500_000, new byte[0]);
    assertThat(recount.openFrom()).isEqualTo(490 / 15);
  }

  @Test
  void shouldBeginAnewWithWhatDoesNotAgree() {
    PartitionRecount recount = recount(true);
    for (int i = 0; i < 100; i++) {
      accept(recount, i % 31 == 0 ? 900_000 : 500_000, new byte[0]);
    }
    assertThat(recount.openFrom()).isZero();
  }

  @Test
  void shouldTakeDecisionsWhereTheyWereMade() {
    PartitionRecount recount =
        recount(false, new LoggedDecision(1, 40_000, false), new LoggedDecision(2, 120_000, true));
    byte[] traces = traces(span("a", Span.SpanKind.SPAN_KIND_CLIENT));
    accept(recount, 20_000, traces);
    accept(recount, 20_000, traces);
    accept(recount, 50_000, traces);
    accept(recount, 130_000, traces);

    assertThat(counts().late()).isEqualTo(2);
    assertThat(recount.countedByWindow()).containsOnlyKeys(1L, 2L, 8L);
    assertThat(recount.countedByWindow()).containsEntry(8L, 2L);
  }

  @Test
  void shouldDiscardWhatIsNoText() {
    byte[] bytes = traces(span("name", Span.SpanKind.SPAN_KIND_CLIENT));
    bytes[
            ByteString.copyFrom(bytes)
                .toString(java.nio.charset.StandardCharsets.ISO_8859_1)
                .lastIndexOf("name")] =
        (byte) 0xFF;
    accept(recount(SpanCodec.OTLP), 20_000, bytes);
    assertThat(counts().discarded()).containsEntry("invalid_utf8", 1L);
    assertThat(counts().counted()).isZero();
  }

  @Test
  void shouldHeedTheSkipFlagOfPushBytes() {
    UnknownFieldSet.Field trace =
        UnknownFieldSet.Field.newBuilder()
            .addLengthDelimited(
                ByteString.copyFrom(traces(span("a", Span.SpanKind.SPAN_KIND_SERVER))))
            .build();
    UnknownFieldSet.Field flag = UnknownFieldSet.Field.newBuilder().addVarint(1).build();
    accept(
        recount(SpanCodec.PUSH_BYTES),
        20_000,
        UnknownFieldSet.newBuilder().addField(2, trace).addField(5, flag).build().toByteArray());
    assertThat(counts().discarded()).containsEntry("skip_flag", 1L);
    assertThat(counts().halfEdges()).isZero();
  }

  @Test
  void shouldTakeWhatCannotBeReadForPoison() {
    accept(recount(SpanCodec.OTLP), 20_000, new byte[] {0x0A, 0x7F});
    assertThat(deadLetters.poisonRecords()).isEqualTo(1);
  }

  private PartitionRecount recount(SpanCodec codec) {
    return recount(codec, false);
  }

  private PartitionRecount recount(boolean producersTime, LoggedDecision... decisions) {
    return recount(SpanCodec.OTLP, producersTime, decisions);
  }

  private PartitionRecount recount(
      SpanCodec codec, boolean producersTime, LoggedDecision... decisions) {
    return new PartitionRecount(
        new RecountSettings(
            codec,
            Optional.of("t"),
            Duration.ofSeconds(15),
            producersTime,
            RecountSettings.defaultBound(producersTime),
            LabelSettings.plain(0),
            true,
            true),
        books,
        List.of(decisions));
  }

  private void accept(PartitionRecount recount, long millis, byte[] value) {
    recount.accept(
        new LogRecord(offset++, millis, ByteString.EMPTY, ByteString.copyFrom(value), false));
  }

  private Counts counts() {
    return books.balances(true).get(0).recounted();
  }

  private static byte[] traces(Span... spans) {
    KeyValue service =
        KeyValue.newBuilder()
            .setKey("service.name")
            .setValue(AnyValue.newBuilder().setStringValue("shop"))
            .build();
    return TracesData.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(service))
                .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(List.of(spans))))
        .build()
        .toByteArray();
  }

  private static Span span(String name, Span.SpanKind kind) {
    return Span.newBuilder().setName(name).setKind(kind).build();
  }
}
