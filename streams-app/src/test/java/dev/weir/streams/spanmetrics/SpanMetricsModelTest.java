package dev.weir.streams.spanmetrics;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.delta.Amounts;
import dev.weir.schemas.delta.DeltaBatchReader;
import dev.weir.schemas.delta.DeltaBatchWriter;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.delta.Tally;
import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.schemas.otlp.SpanVisitor;
import dev.weir.schemas.otlp.TracesDataReader;
import dev.weir.schemas.topic.SpanCodec;
import dev.weir.streams.series.LabelRules;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** {@code -Dweir.spanmetrics.seeds=N} tries N seeds. */
class SpanMetricsModelTest {
  private static final long SEEDS = Long.getLong("weir.spanmetrics.seeds", 3000);
  private static final byte[] TENANT = {'t'};

  @Test
  void shouldCountAsThePlainModelDoes() throws MalformedOtlpException {
    int operations = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      RandomSpans random = new RandomSpans(seed);
      SpanMetricsSettings settings = random.settings();
      LabelRules rules = random.rules();
      SpanMetricsModel model = new SpanMetricsModel(settings, rules);
      Counted counted = new Counted(settings, rules);
      List<TracesData> records = List.of(random.record(), random.record(), random.record());
      for (int pass = 0; pass < 2; pass++) { // in the second their resources are known
        for (TracesData record : records) {
          model.accept(record);
          counted.accept(record);
          counted.drain();
          counted.metrics.forgetIfLargerThan(seed % 2 == 0 ? 0 : Integer.MAX_VALUE);
        }
      }

      assertThat(counted.operations).as("operations, seed %d", seed).isEqualTo(model.operations());
      assertThat(counted.targets).as("targets, seed %d", seed).isEqualTo(model.targets());
      assertThat(counted.metrics.takeInvalid()).as("seed %d", seed).isEqualTo(model.invalid());
      assertThat(counted.metrics.takeFiltered()).as("seed %d", seed).isEqualTo(model.filtered());
      operations += model.operations().size();
    }
    assertThat(operations).isGreaterThan(Math.toIntExact(SEEDS));
  }

  /** What the classes under test make of records. */
  private static final class Counted implements SpanVisitor {
    private final TracesDataReader reader = new TracesDataReader();
    private final SpanMetrics metrics;
    private final int buckets;
    private final Map<String, List<BigInteger>> operations = new TreeMap<>();
    private final Map<String, BigInteger> targets = new TreeMap<>();

    Counted(SpanMetricsSettings settings, LabelRules rules) {
      this.metrics = new SpanMetrics(TENANT, settings, 3, rules);
      this.buckets = settings.bounds().buckets();
    }

    void accept(TracesData record) throws MalformedOtlpException {
      String bytes = new String(record.toByteArray(), ISO_8859_1);
      byte[] spoiled = bytes.replace(RandomSpans.BROKEN, "\u00FF\u00FF").getBytes(ISO_8859_1);
      reader.read(SpanCodec.OTLP, spoiled, this);
      metrics.apply();
    }

    @Override
    public void resource(ResourceView resource) throws MalformedOtlpException {
      metrics.resource(resource);
    }

    @Override
    public void span(SpanView span) throws MalformedOtlpException {
      metrics.span(span);
    }

    void drain() {
      DeltaBatchWriter writer = new DeltaBatchWriter();
      metrics.drain(
          (shard, group, flags, labels, offset, length) ->
              writer.labelSet(0, TENANT, group, flags, labels, offset, length));
      DeltaBatchReader batch = new DeltaBatchReader(writer.finish(0, 1, 0));
      while (batch.next()) {
        Tally tally = new Tally(batch.group().vectorLength(buckets));
        batch.addTo(tally);
        Amounts amounts = tally.amounts();
        if (batch.group() == MetricGroup.SPAN_METRICS) {
          add(labels(batch), amounts);
        } else {
          targets.merge(labels(batch), amounts.exact(0), BigInteger::add);
        }
      }
    }

    private void add(String labels, Amounts amounts) {
      List<BigInteger> sum = new ArrayList<>();
      List<BigInteger> before = operations.get(labels);
      for (int i = 0; i < amounts.length(); i++) {
        sum.add(before == null ? amounts.exact(i) : before.get(i).add(amounts.exact(i)));
      }
      operations.put(labels, sum);
    }

    private static String labels(DeltaBatchReader batch) {
      ByteReader bytes =
          new ByteReader().reset(batch.buffer(), batch.labelsOffset(), batch.labelsLength());
      List<String> labels = new ArrayList<>();
      while (bytes.hasMore()) {
        labels.add(text(bytes) + '=' + text(bytes));
      }
      return String.join(", ", labels);
    }

    private static String text(ByteReader bytes) {
      return new String(bytes.prefixed(), UTF_8);
    }
  }
}
