package dev.weir.benchmarks.jmh;

import dev.weir.streams.rewrite.LabelObservations;
import dev.weir.streams.rewrite.LabelRewriter;
import dev.weir.streams.rewrite.RewriteChange;
import dev.weir.streams.rewrite.RewriteHistory;
import dev.weir.streams.rewrite.RewriteSettings;
import dev.weir.streams.rewrite.SpanNameMode;
import dev.weir.streams.series.LabelRules;
import dev.weir.streams.series.LabelsWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds to make the labels of a span whose label set a task has not met, every one with
 * another id in its name: what a name with an id costs beyond the look-up, as long as its key is
 * new. Known label sets are not made again.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
@State(Scope.Thread)
public class LabelSetBenchmark {
  private static final int TEMPLATES = 1_000;
  private static final int NAMES = 1 << 16;

  private static final byte[][] OTHER_LABELS =
      bytes("service", "shop", "span_kind", "SPAN_KIND_SERVER", "status_code", "STATUS_CODE_UNSET");
  private static final byte[] SPAN_NAME = bytes("span_name")[0];

  private final byte[][] names =
      bytes(
          IntStream.range(0, NAMES)
              .mapToObj(i -> "GET /api/resource" + i % TEMPLATES + "x/" + i * 31 + "/items")
              .toArray(String[]::new));
  private final LabelObservations observations = new LabelObservations();
  private LabelsWriter labels = new LabelsWriter(LabelRules.NONE);
  private int next;

  /** What becomes of values. */
  @Param({"nothing", "templates", "limit", "both"})
  private String rewrites = "nothing";

  /** Applies the parameter. */
  @Setup
  public void configure() {
    boolean hasTemplates = rewrites.equals("templates") || rewrites.equals("both");
    boolean hasLimit = rewrites.equals("limit") || rewrites.equals("both");
    RewriteHistory learned = new RewriteHistory();
    learned.add(
        0, 1, RewriteChange.read(Map.of("templates", hasTemplates ? templates() : List.of())));
    labels =
        new LabelsWriter(
            LabelRules.NONE,
            LabelRewriter.of(
                new RewriteSettings(
                    hasTemplates ? SpanNameMode.ENABLED : SpanNameMode.OFF, hasLimit ? 10_000 : 0),
                learned.newest(),
                observations));
  }

  private static List<List<String>> templates() {
    return IntStream.range(0, TEMPLATES)
        .mapToObj(
            i ->
                Arrays.asList(
                    "GET", " ", "/", "api", "/", "resource" + i + "x", "/", null, "/", "items"))
        .toList();
  }

  private static byte[][] bytes(String... texts) {
    return Arrays.stream(texts)
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toArray(byte[][]::new);
  }

  /** Makes one; what is observed is taken as at a commit. */
  @Benchmark
  public int makeLabelSet() {
    labels.begin();
    for (int i = 0; i < OTHER_LABELS.length; i += 2) {
      labels.label(OTHER_LABELS[i], OTHER_LABELS[i + 1]);
    }
    labels.label(SPAN_NAME, names[next]);
    next = (next + 1) % NAMES;
    if (next % 4096 == 0) {
      return observations.take().length;
    }
    return labels.labels().length();
  }
}
