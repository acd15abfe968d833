package dev.weir.streams.overrides;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.streams.hostinfo.HostInfoSettings;
import dev.weir.streams.rewrite.LabelObservations;
import dev.weir.streams.rewrite.LabelRewriter;
import dev.weir.streams.rewrite.LabelRewrites;
import dev.weir.streams.rewrite.RewriteSettings;
import dev.weir.streams.rewrite.SpanNameMode;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.SeriesLimits;
import dev.weir.streams.servicegraph.ServiceGraphSettings;
import dev.weir.streams.spanmetrics.SpanMetricsSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelLearningTest {
  private static final RewriteSettings SETTINGS = new RewriteSettings(SpanNameMode.ENABLED, 2);
  private static final HistogramBounds BOUNDS = new HistogramBounds(List.of(1.0));

  private final HeapVersionLog log =
      new HeapVersionLog(
          new TenantSettings(
              new SpanMetricsSettings(true, BOUNDS),
              new ServiceGraphSettings(true, BOUNDS, Duration.ofSeconds(10), 100, List.of()),
              HostInfoSettings.DISABLED,
              SeriesLimits.NONE,
              SETTINGS));
  private final LabelLearning learning = new LabelLearning(log);

  @Test
  void shouldPublishWhatIsNewAndNothingElse() {
    learning.learn("acme", observed("GET /1", "GET /2"), 0);

    assertThat(learning.publish(0)).isTrue();
    assertThat(learning.publish(0)).isTrue();

    assertThat(log.upToDate().number()).isEqualTo(2);
    assertThat(templates("acme")).containsExactly("GET /<_>");
    assertThat(learning.takeFigures(0).get("acme").templates()).isEqualTo(1);
  }

  @Test
  void shouldGoOnFromWhatAnotherOnePublished() {
    learning.learn("acme", observed("GET /1", "GET /2"), 0);
    learning.publish(0);

    LabelLearning next = new LabelLearning(log);
    next.learn("acme", observed("q 1", "q 2"), 0);
    next.publish(0);

    assertThat(templates("acme")).containsExactly("GET /<_>", "q <_>");
  }

  @Test
  void shouldPublishNothingAnyMoreWhenAnotherOneHas() {
    LabelLearning next = new LabelLearning(log);
    next.learn("acme", observed("GET /1", "GET /2"), 0);
    next.publish(0);

    learning.learn("acme", observed("q 1", "q 2"), 0);
    assertThat(learning.publish(0)).isFalse();

    assertThat(templates("acme")).containsExactly("GET /<_>");
  }

  private List<String> templates(String tenant) {
    return log.upToDate().learned().getOrDefault(tenant, LabelRewrites.NONE).templates().texts();
  }

  private static byte[] observed(String... spanNames) {
    LabelObservations seen = new LabelObservations();
    LabelRewriter rewriter = new LabelRewriter(SETTINGS, LabelRewrites.NONE, seen);
    for (String name : spanNames) {
      rewriter.begin();
      rewriter.rewrite("span_name".getBytes(UTF_8), name.getBytes(UTF_8));
    }
    return seen.take();
  }
}
