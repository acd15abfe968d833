package dev.weir.benchmarks.jmh;

import dev.weir.benchmarks.payload.Shape;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.schemas.otlp.SpanVisitor;
import dev.weir.schemas.otlp.TracesDataReader;
import dev.weir.schemas.topic.SpanCodec;
import dev.weir.streams.filter.FilterPolicies;
import dev.weir.streams.rewrite.LabelObservations;
import dev.weir.streams.rewrite.LabelRewriter;
import dev.weir.streams.rewrite.LabelRewrites;
import dev.weir.streams.rewrite.RewriteSettings;
import dev.weir.streams.rewrite.SpanNameMode;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.LabelRules;
import dev.weir.streams.series.MetricSelection;
import dev.weir.streams.series.NativeSettings;
import dev.weir.streams.series.SeriesSettings;
import dev.weir.streams.series.ValueRewriter;
import dev.weir.streams.spanmetrics.Dimensions;
import dev.weir.streams.spanmetrics.SpanMetrics;
import dev.weir.streams.spanmetrics.SpanMetricsSettings;
import dev.weir.streams.spanmetrics.TargetInfoSettings;
import dev.weir.streams.weight.WeightSettings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds from a span's bytes to its series' amounts, the drain of a commit every 200 records
 * (about 60,000 spans) included.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
@State(Scope.Thread)
@OperationsPerInvocation(SpanSample.SPANS)
public class SpanMetricsBenchmark {
  private static final int SHARDS = 8;

  private final SpanSample sample = new SpanSample(Shape.STANDARD, 1);
  private final TracesDataReader reader = new TracesDataReader();
  private final SpanVisitor visitor = new Counting();
  private final ByteWriter deltas = new ByteWriter(1 << 20);
  private SpanMetrics metrics = metrics(SeriesSettings.DEFAULT, ValueRewriter.NOTHING);

  /** What is done beyond counting. */
  @Param({"nothing", "exemplars", "natives", "weights", "rewrites"})
  private String extra = "nothing";

  /** Applies the parameter. */
  @Setup
  public void configure() {
    metrics =
        metrics(
            new SeriesSettings(
                new MetricSelection(Set.of(0, 1), true, extra.equals("natives")),
                new WeightSettings("", extra.equals("weights"), true),
                NativeSettings.DEFAULT,
                extra.equals("exemplars")),
            LabelRewriter.of(
                extra.equals("rewrites")
                    ? new RewriteSettings(SpanNameMode.ENABLED, 10_000)
                    : RewriteSettings.NOTHING,
                LabelRewrites.NONE,
                new LabelObservations()));
  }

  private static SpanMetrics metrics(SeriesSettings series, ValueRewriter rewriter) {
    return new SpanMetrics(
        "single-tenant".getBytes(StandardCharsets.UTF_8),
        new SpanMetricsSettings(
            true,
            new HistogramBounds(
                List.of(
                    0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048,
                    4.096, 8.192, 16.384)),
            Dimensions.DEFAULT,
            FilterPolicies.NONE,
            TargetInfoSettings.DISABLED,
            false,
            series),
        SHARDS,
        LabelRules.NONE,
        rewriter);
  }

  @Benchmark
  public int countAndDrain() throws MalformedOtlpException {
    for (byte[] value : sample.records()) {
      reader.read(SpanCodec.OTLP, value, visitor);
      metrics.apply();
    }
    deltas.truncate(0);
    metrics.drain((shard, group, flags, labels, offset, length) -> deltas);
    return deltas.length();
  }

  private final class Counting implements SpanVisitor {
    @Override
    public void resource(ResourceView resource) throws MalformedOtlpException {
      metrics.resource(resource);
    }

    @Override
    public void span(SpanView span) throws MalformedOtlpException {
      metrics.span(span);
    }
  }
}
