package dev.weir.distributor.distribution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.distributor.distribution.Reference.FlatSpan;
import dev.weir.distributor.validation.SpanFault;
import dev.weir.schemas.key.TracePartition;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.topic.SpanCodec;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestSplitTest {
  private static final byte[] TENANT = "shop".getBytes(UTF_8);
  private static final int UNLIMITED = 15_983_616;

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 17})
  void shouldPublishEachSpanInThePartitionOfItsTrace(int partitions) throws Exception {
    for (int seed = 0; seed < 300; seed++) {
      ExportTraceServiceRequest request = new RandomRequests(seed).next();
      Map<Integer, List<FlatSpan>> expected =
          Reference.expected(request.getResourceSpansList()).stream()
              .collect(groupingBy(flat -> partition(flat.span().getTraceId(), partitions)));

      List<SpanRecord> records = split(request, SpanCodec.OTLP, UNLIMITED, partitions);

      assertThat(records).as("seed %d", seed).hasSameSizeAs(expected.keySet());
      for (SpanRecord record : records) {
        assertThat(parse(record.value()))
            .as("seed %d, partition %d", seed, record.partition())
            .isEqualTo(expected.get(record.partition()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 17})
  void shouldPublishEachTraceWithItsIdAsPushBytes(int partitions) throws Exception {
    for (int seed = 0; seed < 300; seed++) {
      ExportTraceServiceRequest request = new RandomRequests(seed).next();
      List<FlatSpan> published = new ArrayList<>();

      for (SpanRecord record : split(request, SpanCodec.PUSH_BYTES, UNLIMITED, partitions)) {
        PushBytes push = PushBytes.parse(record.value());
        assertThat(push.ids()).hasSameSizeAs(push.traces()).doesNotHaveDuplicates();
        for (int i = 0; i < push.ids().size(); i++) {
          ByteString id = push.ids().get(i);
          List<FlatSpan> trace = parse(push.traces().get(i));
          assertThat(trace).allMatch(flat -> flat.span().getTraceId().equals(id));
          assertThat(partition(id, partitions)).isEqualTo(record.partition());
          published.addAll(trace);
        }
      }

      assertThat(published)
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(Reference.expected(request.getResourceSpansList()));
    }
  }

  @ParameterizedTest
  @EnumSource(SpanCodec.class)
  void shouldSplitRecordsAtTheLimitAndRejectSpansBeyondIt(SpanCodec codec) throws Exception {
    int limit = 900;
    int rejected = 0;
    for (int seed = 0; seed < 300; seed++) {
      ExportTraceServiceRequest request = new RandomRequests(seed).next();
      ScannedRequest scanned = RequestScanner.scan(request.toByteArray());
      List<FlatSpan> published = new ArrayList<>();

      RecordPlan plan = new RecordPlanner(codec, limit).plan(scanned, TENANT, 2);
      for (SpanRecord record : plan.encode()) {
        assertThat(record.value().length).isPositive().isLessThanOrEqualTo(limit);
        published.addAll(spansIn(record, codec));
      }

      int tooLarge = scanned.rejections().counts().getOrDefault(SpanFault.TOO_LARGE, 0);
      List<FlatSpan> expected = Reference.expected(request.getResourceSpansList());
      assertThat(published.size() + tooLarge).as("seed %d", seed).isEqualTo(expected.size());
      assertThat(expected).containsAll(published);
      rejected += tooLarge;
    }
    assertThat(rejected).isPositive();
  }

  @Test
  void shouldWriteTheSmallestPushBytesRecordAsTempoDoes() throws Exception {
    byte[] request =
        HexFormat.of()
            .parseHex(
                "0a371235"
                    + "12330a100af7651916cd43dd8448eb211c80319c1208b7ad6b7169203331"
                    + "2a016130023900ca9a3b00000000410094357700000000");

    SpanRecord record =
        new RecordPlanner(SpanCodec.PUSH_BYTES, UNLIMITED)
            .plan(RequestScanner.scan(request), TENANT, 1)
            .encode()
            .get(0);

    assertThat(HexFormat.of().formatHex(record.value()))
        .isEqualTo(
            "123f0a3d0a0012390a0012350a100af7651916cd43dd8448eb211c80319c1208b7ad6b7169203331"
                + "2a016130023900ca9a3b000000004100943577000000007a00"
                + "1a100af7651916cd43dd8448eb211c80319c");
  }

  @Test
  void shouldRefuseTruncatedRequestsExactlyWhenProtobufDoes() {
    byte[] whole = new RandomRequests(7).next().toByteArray();
    for (int length = 0; length <= whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThat(isScanned(cut)).as("cut at %d", length).isEqualTo(isParsed(cut));
    }
  }

  @Test
  void shouldSurviveAnyChangedByte() throws Exception {
    byte[] whole = new RandomRequests(3).next().toByteArray();
    Random random = new Random(1);
    for (int i = 0; i < 5_000; i++) {
      byte[] changed = whole.clone();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      if (isScanned(changed)) {
        for (SpanCodec codec : SpanCodec.values()) {
          RecordPlan plan =
              new RecordPlanner(codec, UNLIMITED).plan(RequestScanner.scan(changed), TENANT, 4);
          assertThat(plan.encode().stream().mapToLong(record -> record.value().length).sum())
              .isEqualTo(plan.bytes());
        }
      }
    }
  }

  @Test
  void shouldNameFaultAndByteOfABrokenRequest() {
    assertThatThrownBy(() -> RequestScanner.scan(new byte[] {0x0A, 0x05, 0x12}))
        .isInstanceOf(MalformedOtlpException.class)
        .hasMessage("length 5 exceeds the 1 bytes that are left at byte 1");
    assertThatThrownBy(() -> RequestScanner.scan(new byte[] {0x0A, 0x02, 0x10, 0x01}))
        .hasMessage("field 2 of ResourceSpans has wire type 0, must be 2 at byte 2");
  }

  @Test
  void shouldRefuseMessagesThatAreNestedTooDeep() {
    ByteString value = ByteString.EMPTY;
    for (int i = 0; i < 10_000; i++) { // by hand: protobuf's writer would overflow the stack
      value = i % 2 == 0 ? nest(0x0A, value) : nest(0x2A, value);
    }
    ByteString span = nest(0x4A, nest(0x12, value));
    byte[] request = nest(0x0A, nest(0x12, nest(0x12, span))).toByteArray();
    assertThatThrownBy(() -> RequestScanner.scan(request))
        .isInstanceOf(MalformedOtlpException.class)
        .hasMessageStartingWith("messages are nested deeper than 100 at byte ");
  }

  @Test
  void shouldNameTheFirstRejectedSpan() throws Exception {
    Span.Builder good = Span.newBuilder().setTraceId(id(16)).setSpanId(id(8));
    ScopeSpans spans =
        ScopeSpans.newBuilder()
            .addSpans(good)
            .addSpans(good.clone().setTraceId(id(15)))
            .addSpans(good.clone().setSpanId(ByteString.copyFrom(new byte[8])))
            .addSpans(good.clone().setParentSpanId(id(7)))
            .build();
    ResourceSpans resource = ResourceSpans.newBuilder().addScopeSpans(spans).build();
    byte[] request =
        ExportTraceServiceRequest.newBuilder().addResourceSpans(resource).build().toByteArray();

    ScannedRequest scanned = RequestScanner.scan(request);

    assertThat(scanned.table().count()).isEqualTo(1);
    assertThat(scanned.rejections().counts())
        .containsOnlyKeys(
            SpanFault.INVALID_TRACE_ID,
            SpanFault.INVALID_SPAN_ID,
            SpanFault.INVALID_PARENT_SPAN_ID);
    assertThat(scanned.rejections().describe(scanned.spans()))
        .isEqualTo(
            "3 of 4 spans rejected; first resource_spans[0].scope_spans[0].spans[1]:"
                + " trace id has 15 bytes, must have 16");
  }

  private static List<SpanRecord> split(
      ExportTraceServiceRequest request, SpanCodec codec, int limit, int partitions)
      throws MalformedOtlpException {
    RecordPlan plan =
        new RecordPlanner(codec, limit)
            .plan(RequestScanner.scan(request.toByteArray()), TENANT, partitions);
    List<SpanRecord> records = plan.encode();
    assertThat(records.stream().mapToLong(record -> record.value().length).sum())
        .isEqualTo(plan.bytes());
    return records;
  }

  private static List<FlatSpan> spansIn(SpanRecord record, SpanCodec codec) throws IOException {
    if (codec == SpanCodec.OTLP) {
      return parse(record.value());
    }
    List<FlatSpan> spans = new ArrayList<>();
    for (byte[] trace : PushBytes.parse(record.value()).traces()) {
      spans.addAll(parse(trace));
    }
    return spans;
  }

  private static List<FlatSpan> parse(byte[] value) throws InvalidProtocolBufferException {
    return Reference.flatten(TracesData.parseFrom(value).getResourceSpansList());
  }

  private static int partition(ByteString traceId, int partitions) {
    return TracePartition.of(TENANT, traceId.toByteArray(), 0, traceId.size(), partitions);
  }

  private static boolean isScanned(byte[] body) {
    try {
      RequestScanner.scan(body);
      return true;
    } catch (MalformedOtlpException e) {
      return false;
    }
  }

  private static boolean isParsed(byte[] body) {
    try {
      return ExportTraceServiceRequest.parseFrom(body).getSerializedSize() >= 0;
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }

  private static ByteString nest(int tag, ByteString content) {
    WireBuffer header = new WireBuffer(8);
    header.putByte(tag);
    header.putVarint(content.size());
    return ByteString.copyFrom(header.toByteArray()).concat(content);
  }

  private static ByteString id(int length) {
    byte[] id = new byte[length];
    Arrays.fill(id, (byte) 7);
    return ByteString.copyFrom(id);
  }

  /** Tempo's PushBytesRequest, read with protobuf's own reader. */
  private record PushBytes(List<byte[]> traces, List<ByteString> ids) {
    static PushBytes parse(byte[] value) throws IOException {
      PushBytes push = new PushBytes(new ArrayList<>(), new ArrayList<>());
      CodedInputStream in = CodedInputStream.newInstance(value);
      while (!in.isAtEnd()) {
        switch (in.readTag()) {
          case 0x12 -> push.traces().add(in.readByteArray());
          case 0x1A -> push.ids().add(in.readBytes());
          default -> throw new IOException("unknown field");
        }
      }
      return push;
    }
  }
}
