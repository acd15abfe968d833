package dev.weir.streams.hostinfo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.delta.DeltaBatchReader;
import dev.weir.schemas.delta.DeltaBatchWriter;
import dev.weir.schemas.delta.Tally;
import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.schemas.otlp.SpanVisitor;
import dev.weir.schemas.otlp.TracesDataReader;
import dev.weir.schemas.topic.SpanCodec;
import dev.weir.streams.series.LabelRules;
import dev.weir.streams.series.LabelsWriter;
import dev.weir.testing.SpanFixture;
import dev.weir.testing.SpanFixtures;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class HostInfoTest {
  private static final byte[] TENANT = {'t'};
  private static final SpanFixture SPAN = SpanFixtures.aSpan().withoutResource();

  private final TracesDataReader reader = new TracesDataReader();
  private final HostInfo hosts =
      new HostInfo(
          TENANT,
          new HostInfoSettings(true, HostInfoSettings.DEFAULT_IDENTIFIERS),
          1,
          new LabelsWriter(LabelRules.NONE));

  @Test
  void shouldTellEveryHost() {
    accept(SPAN.withResource("host.id", "a"));
    accept(SPAN.withResource("host.id", "b"));
    accept(SPAN.withResource("host.id", "b"));
    accept(SPAN.withResource("host.name", "c"));

    assertThat(drain()).containsOnly("a host.id 1", "b host.id 2");
  }

  @Test
  void shouldPreferTheFirstIdentifierWhateverTheOrderOfAttributes() {
    accept(SPAN.withResource("host.id", "a").withResource("k8s.node.name", "node"));
    accept(SPAN.withResource("k8s.node.name", "node").withResource("host.id", "a"));

    assertThat(drain()).containsOnly("node k8s.node.name 2");
  }

  @Test
  void shouldPassOverWhatIsNoTextOrEmpty() {
    accept(SPAN.withResource("k8s.node.name", 7L).withResource("host.id", "a"));
    accept(SPAN.withResource("k8s.node.name", "").withResource("host.id", "a"));
    accept(SPAN.withResource("k8s.node.name", List.of("x")).withResource("host.id", "a"));
    accept(SPAN.withResource("k8s.node.name", true));

    assertThat(drain()).containsOnly("a host.id 3");
  }

  @Test
  void shouldTellNothingOfARecordThatIsDiscarded() {
    stage(SPAN.withResource("host.id", "a"));
    hosts.discard();
    hosts.apply();

    assertThat(drain()).isEmpty();
  }

  @Test
  void shouldCountResourcesWhoseHostIsNotUtf8() {
    accept(SPAN.withResource("host.id", "a~"));
    accept(SPAN.withResource("host.id", "a~"));

    assertThat(drain()).isEmpty();
    assertThat(hosts.takeInvalid()).isEqualTo(2);
    assertThat(hosts.takeInvalid()).isZero();
  }

  private void accept(SpanFixture span) {
    stage(span);
    hosts.apply();
  }

  /** A tilde stands for a byte that is not UTF-8. */
  private void stage(SpanFixture span) {
    byte[] spoiled =
        new String(span.toBytes(), ISO_8859_1).replace('~', '\u00FF').getBytes(ISO_8859_1);
    try {
      reader.read(SpanCodec.OTLP, spoiled, visitor());
    } catch (MalformedOtlpException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private SpanVisitor visitor() {
    return new SpanVisitor() {
      @Override
      public void resource(ResourceView resource) throws MalformedOtlpException {
        hosts.resource(resource);
      }

      @Override
      public void span(SpanView span) {}
    };
  }

  /** Host, source and resources since the last call. */
  private Set<String> drain() {
    DeltaBatchWriter writer = new DeltaBatchWriter();
    hosts.drain(
        (shard, group, flags, labels, offset, length) ->
            writer.labelSet(0, TENANT, group, flags, labels, offset, length));
    DeltaBatchReader batch = new DeltaBatchReader(writer.finish(0, 1, 0));
    Set<String> drained = new TreeSet<>();
    while (batch.next()) {
      Tally tally = new Tally(1);
      batch.addTo(tally);
      ByteReader labels =
          new ByteReader().reset(batch.buffer(), batch.labelsOffset(), batch.labelsLength());
      assertThat(text(labels)).isEqualTo("grafana_host_id");
      String id = text(labels);
      assertThat(text(labels)).isEqualTo("host_source");
      drained.add("%s %s %d".formatted(id, text(labels), tally.amounts().exact(0)));
    }
    return drained;
  }

  private static String text(ByteReader labels) {
    return new String(labels.prefixed(), UTF_8);
  }
}
