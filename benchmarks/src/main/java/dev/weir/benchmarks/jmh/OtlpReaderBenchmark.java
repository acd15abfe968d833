package dev.weir.benchmarks.jmh;

import dev.weir.benchmarks.payload.Shape;
import dev.weir.schemas.otlp.AttributeKeys;
import dev.weir.schemas.otlp.AttributeValues;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.PerResource;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.schemas.otlp.SpanVisitor;
import dev.weir.schemas.otlp.TracesDataReader;
import dev.weir.schemas.topic.SpanCodec;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds to read a span of the standard payload: our reader against protobuf-java's full
 * parse, both looking at the same fields.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
@State(Scope.Thread)
@OperationsPerInvocation(SpanSample.SPANS)
public class OtlpReaderBenchmark {
  private final SpanSample sample = new SpanSample(Shape.STANDARD, 1);
  private final TracesDataReader reader = new TracesDataReader();
  private final AttributeKeys service = new AttributeKeys(List.of("service.name"));
  private final PerResource<AttributeValues> services =
      new PerResource<>(() -> new AttributeValues(service), ResourceView::findAttributes);
  private final AttributeValues peer =
      new AttributeValues(
          new AttributeKeys(List.of("peer.service", "db.system", "messaging.system")));

  /** Everything but the span's attributes. */
  @Benchmark
  public long ourReader() throws Exception {
    Sum sum = new Sum();
    for (byte[] value : sample.records()) {
      reader.read(SpanCodec.OTLP, value, sum);
    }
    return sum.total;
  }

  /** The span's attributes too, as the service graph needs them of some spans. */
  @Benchmark
  public long ourReaderWithAttributes() throws Exception {
    SumWithAttributes sum = new SumWithAttributes();
    for (byte[] value : sample.records()) {
      reader.read(SpanCodec.OTLP, value, sum);
    }
    return sum.total;
  }

  @Benchmark
  public long protobufJava() throws Exception {
    long total = 0;
    for (byte[] value : sample.records()) {
      for (ResourceSpans group : TracesData.parseFrom(value).getResourceSpansList()) {
        total += group.getResource().getAttributes(0).getValue().getSerializedSize();
        for (ScopeSpans scope : group.getScopeSpansList()) {
          for (Span span : scope.getSpansList()) {
            total +=
                span.getNameBytes().size()
                    + span.getKindValue()
                    + span.getStatus().getCodeValue()
                    + span.getEndTimeUnixNano()
                    - span.getStartTimeUnixNano();
          }
        }
      }
    }
    return total;
  }

  private final class Sum implements SpanVisitor {
    private long total;

    @Override
    public void resource(ResourceView resource) throws MalformedOtlpException {
      total += services.of(resource).length(0);
    }

    @Override
    public void span(SpanView span) {
      total += span.nameLength() + span.kind() + span.statusCode() + span.durationNanos();
    }
  }

  private final class SumWithAttributes implements SpanVisitor {
    private long total;

    @Override
    public void resource(ResourceView resource) throws MalformedOtlpException {
      total += services.of(resource).length(0);
    }

    @Override
    public void span(SpanView span) throws MalformedOtlpException {
      span.findAttributes(peer);
      total += span.nameLength() + span.kind() + span.statusCode() + peer.firstPresent();
    }
  }
}
