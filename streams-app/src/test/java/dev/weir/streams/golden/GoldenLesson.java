package dev.weir.streams.golden;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.streams.overrides.OverridesVersion;
import dev.weir.streams.rewrite.LabelObservations;
import dev.weir.streams.rewrite.LabelRewriter;
import dev.weir.streams.rewrite.LabelRewrites;
import dev.weir.streams.rewrite.RewriteLearners;
import dev.weir.streams.rewrite.RewriteSettings;
import dev.weir.streams.series.ValueRewriter;
import java.util.List;
import java.util.Map;

/** What was learned of a tenant's labels, of which a case says only what was seen of them. */
final class GoldenLesson {
  private GoldenLesson() {}

  /**
   * @param seen for each label a list of values, in order
   */
  static OverridesVersion version(
      long number, String tenant, Map<?, ?> seen, RewriteSettings settings, long atMillis) {
    RewriteLearners learners = new RewriteLearners(Map.of());
    seen.forEach(
        (label, values) ->
            ((List<?>) values)
                .forEach(
                    value ->
                        learners.learn(
                            tenant,
                            settings,
                            observed(settings, label.toString(), value.toString()),
                            atMillis)));
    return OverridesVersion.learned(number, learners.changes(name -> settings, atMillis));
  }

  private static byte[] observed(RewriteSettings settings, String label, String value) {
    LabelObservations seen = new LabelObservations();
    ValueRewriter rewriter = LabelRewriter.of(settings, LabelRewrites.NONE, seen);
    rewriter.begin();
    rewriter.rewrite(label.getBytes(UTF_8), value.getBytes(UTF_8));
    return seen.take();
  }
}
