package dev.weir.benchmarks.jmh;

import dev.weir.benchmarks.payload.Payload;
import dev.weir.benchmarks.payload.Payload.SpansRecord;
import dev.weir.benchmarks.payload.Shape;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.schemas.otlp.SpanVisitor;
import dev.weir.schemas.otlp.TracesDataReader;
import dev.weir.schemas.topic.SpanCodec;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The first records of a payload, tens of megabytes: more than the CPU's caches hold. */
final class SpanSample {
  /** Spans in all records of the standard shape together. */
  static final int SPANS = 59_170;

  /** Spans in all records of the shape prod together. */
  static final int PROD_SPANS = 64_576;

  private static final int PROD_RECORDS = 400;
  private static final int STANDARD_RECORDS = 200;

  private final List<byte[]> records = new ArrayList<>();
  private final List<int[]> traceIds = new ArrayList<>();
  private int generation;

  /**
   * @param instances processes of each service
   * @throws IllegalStateException if the payload was changed and the number of spans was not
   */
  SpanSample(Shape shape, int instances) {
    Payload payload = shape.payload(Instant.parse("2026-01-01T00:00:00Z"), instances);
    boolean isProd = shape == Shape.PROD;
    int spans = 0;
    for (int i = 0; i < (isProd ? PROD_RECORDS : STANDARD_RECORDS); i++) {
      SpansRecord next = payload.next();
      records.add(next.value());
      traceIds.add(traceIds(next.value()));
      spans += next.spans();
    }
    if (spans != (isProd ? PROD_SPANS : SPANS)) {
      throw new IllegalStateException("the sample has %d spans".formatted(spans));
    }
  }

  List<byte[]> records() {
    return records;
  }

  /** Gives all traces new ids, so that their spans do not meet those that were read before. */
  void renewTraces() {
    generation++;
    for (int i = 0; i < records.size(); i++) {
      ByteBuffer bytes = ByteBuffer.wrap(records.get(i));
      for (int offset : traceIds.get(i)) {
        bytes.putInt(offset, generation);
      }
    }
  }

  private static int[] traceIds(byte[] value) {
    IntStream.Builder offsets = IntStream.builder();
    try {
      new TracesDataReader()
          .read(
              SpanCodec.OTLP,
              value,
              new SpanVisitor() {
                @Override
                public void resource(ResourceView resource) {}

                @Override
                public void span(SpanView span) {
                  offsets.add(span.traceIdOffset());
                }
              });
    } catch (MalformedOtlpException e) {
      throw new IllegalStateException(e);
    }
    return offsets.build().toArray();
  }
}
