package dev.weir.ingester.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ingester.backend.BackendException;
import dev.weir.ingester.backend.ObjectKey;
import dev.weir.ingester.fixture.MemoryBackend;
import dev.weir.ingester.fixture.OtlpSpans;
import dev.weir.ingester.trace.TraceId;
import dev.weir.ingester.trace.TraceRecords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentTest {
  private static final ObjectKey KEY = new ObjectKey("a.segment");

  private final MemoryBackend backend = new MemoryBackend();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldFindEveryRecordOfEveryTrace(long seed) throws Exception {
    Random random = new Random(seed);
    List<TraceId> traces =
        random.longs(200).mapToObj(low -> new TraceId(random.nextInt(3) - 1, low)).toList();
    TraceRecords records = new TraceRecords();
    for (int i = 0; i < 400; i++) {
      records.append(OtlpSpans.scanned(OtlpSpans.random(random, traces)), i);
    }
    byte[] segment = write(records);
    for (TraceId trace : traces) {
      assertThat(find(segment, trace)).containsAll(records.find(trace));
    }
    assertThat(find(segment, new TraceId(5, 5))).isEmpty();
  }

  @Test
  void shouldReadOnlyThePagesOfTheTrace() throws Exception {
    TraceRecords records = new TraceRecords();
    byte[] noise = new byte[100_000];
    for (int i = 0; i < 40; i++) {
      new Random(i).nextBytes(noise);
      String name = HexFormat.of().formatHex(noise);
      records.append(
          OtlpSpans.scanned(OtlpSpans.of("s", OtlpSpans.span(new TraceId(0, i + 1), i, name))), i);
    }
    byte[] segment = write(records);
    assertThat(find(segment, new TraceId(0, 7))).hasSizeLessThan(4);
    assertThat(backend.bytesRead()).isLessThan(segment.length / 8);
  }

  @Test
  void shouldNoticeEveryTruncation() throws Exception {
    byte[] segment = write(small());
    for (int length = 0; length < segment.length; length++) {
      byte[] broken = Arrays.copyOf(segment, length);
      assertThatThrownBy(() -> find(broken, new TraceId(1, 1)))
          .isInstanceOf(CorruptSegmentException.class)
          .hasMessageStartingWith("a.segment is no valid segment: ");
    }
  }

  @Test
  void shouldNoticeEveryChangedByteItReads() throws Exception {
    TraceRecords records = small();
    byte[] segment = write(records);
    for (int i = SegmentLayout.HEADER_BYTES; i < segment.length; i++) {
      byte[] broken = segment.clone();
      broken[i] ^= 0x10;
      assertThatThrownBy(() -> find(broken, new TraceId(1, 1)))
          .as("byte %d", i)
          .isInstanceOf(CorruptSegmentException.class);
    }
  }

  /** Bytes of version 1, which must stay readable; the writer still makes the same (zstd 1.5.6). */
  @Test
  void shouldReadAndWriteVersion1() throws Exception {
    byte[] golden = HexFormat.of().parseHex(resource("/segment/version-1.hex"));
    assertThat(HexFormat.of().formatHex(write(small())))
        .isEqualTo(HexFormat.of().formatHex(golden));
    assertThat(find(golden, new TraceId(1, 1))).containsExactlyElementsOf(small().records());
  }

  @Test
  void shouldLetFewOtherIdsPassTheFilter() {
    IdFilter filter = IdFilter.sizedFor(1_000);
    for (long low = 0; low < 1_000; low++) {
      filter.add(new TraceId(0, low)); // ids of 64 bits are the hard case
    }
    IdFilter read = IdFilter.of(filter.toBytes());
    int passed = 0;
    for (long low = 0; low < 20_000; low++) {
      passed += read.mayContain(new TraceId(0, low)) ? 1 : 0;
    }
    assertThat(passed).isBetween(1_000, 1_000 + 19_000 * 2 / 100);
  }

  private static TraceRecords small() {
    TraceRecords records = new TraceRecords();
    records.append(
        OtlpSpans.scanned(OtlpSpans.of("shop", OtlpSpans.span(new TraceId(1, 1), 1, "a"))), 1);
    records.append(
        OtlpSpans.scanned(
            OtlpSpans.of(
                "cart",
                OtlpSpans.span(new TraceId(1, 1), 2, "b"),
                OtlpSpans.span(new TraceId(0, 9), 3, "c"))),
        2);
    return records;
  }

  private static byte[] write(TraceRecords records) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SegmentWriter.write(records, out);
    return out.toByteArray();
  }

  private List<byte[]> find(byte[] segment, TraceId id)
      throws BackendException, CorruptSegmentException {
    backend.overwrite(KEY, segment);
    SegmentReader reader = new SegmentReader(backend, KEY, segment.length);
    SegmentSummary summary = reader.summary();
    return summary.filter().mayContain(id) ? new ArrayList<>(reader.find(summary, id)) : List.of();
  }

  private static String resource(String name) throws IOException {
    try (var in = SegmentTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\s", "");
    }
  }
}
