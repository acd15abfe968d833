package dev.weir.streams.rewrite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.Golden;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RewriteLearnerTest {
  private static final RewriteSettings SETTINGS = new RewriteSettings(SpanNameMode.ENABLED, 2);
  private static final long MINUTE = 60_000;

  private RewriteLearner learner = new RewriteLearner(LabelRewrites.NONE);
  private long now;

  @Test
  void shouldPublishTemplatesThatTasksApply() {
    LabelObservations seen = new LabelObservations();
    assertThat(rewrite(SETTINGS, LabelRewrites.NONE, seen, "span_name", "GET /1"))
        .isEqualTo("GET /1");
    assertThat(rewrite(SETTINGS, LabelRewrites.NONE, seen, "span_name", "GET /2"))
        .isEqualTo("GET /2");

    LabelRewrites version = publish(SETTINGS, seen);

    assertThat(version.number()).isEqualTo(1);
    assertThat(rewrite(SETTINGS, version, seen, "span_name", "GET /3")).isEqualTo("GET /<_>");
    assertThat(rewrite(SETTINGS, version, seen, "route", "GET /3")).isEqualTo("GET /3");
  }

  @Test
  void shouldPublishNothingIfNothingNewWasLearned() {
    publish(SETTINGS, spanNames("GET /1", "GET /2"));

    learner.learn(SETTINGS, spanNames("GET /3").take(), now);

    assertThat(learner.next(SETTINGS, now)).isEmpty();
  }

  @Test
  void shouldOnlyLearnInADryRun() {
    RewriteSettings dry = new RewriteSettings(SpanNameMode.DRY_RUN, 0);
    LabelRewrites version = publish(dry, spanNames("GET /1", "GET /2"));

    assertThat(version.templates().texts()).containsExactly("GET /<_>");
    assertThat(learner.spanNamePatterns()).isEqualTo(1);
    assertThat(rewrite(dry, version, new LabelObservations(), "span_name", "GET /3"))
        .isEqualTo("GET /3");
  }

  @Test
  void shouldNeitherSeeNorChangeAnythingWhenOff() {
    LabelObservations seen = new LabelObservations();

    assertThat(rewrite(RewriteSettings.NOTHING, LabelRewrites.NONE, seen, "span_name", "GET /1"))
        .isEqualTo("GET /1");

    assertThat(seen.isEmpty()).isTrue();
  }

  @Test
  void shouldKeepTheValuesThatWereThereBeforeTheLimitWasHit() {
    LabelRewrites version = publish(SETTINGS, values("url", "a", "b", "c", "d"));

    assertThat(rewriteAll(version, "url", "a", "b", "c", "d"))
        .containsExactly("a", "b", LabelRewriter.OVERFLOW, LabelRewriter.OVERFLOW);
    assertThat(rewriteAll(version, "zone", "c")).containsExactly("c");
  }

  @Test
  void shouldCountSpanNamesAsTheTemplatesThatTheyBecome() {
    LabelObservations seen = spanNames("GET /1");
    seen.value("span_name", "GET /1");
    seen.value("span_name", "other");
    learner.learn(SETTINGS, seen.take(), now);
    LabelObservations more = spanNames("GET /2", "GET /3");
    more.value("span_name", "GET /2");
    more.value("span_name", "GET /3");

    assertThat(publish(SETTINGS, more).limited()).isEmpty();

    LabelRewrites version = publish(SETTINGS, values("span_name", "GET /4", "one too many"));
    assertThat(rewriteAll(version, "span_name", "GET /5", "other", "one too many"))
        .containsExactly("GET /<_>", "other", LabelRewriter.OVERFLOW);
  }

  @Test
  void shouldStayLimitedAsLongAsOtherValuesCome() {
    publish(SETTINGS, values("url", "a", "b", "c"));

    now += 14 * MINUTE;
    learner.learn(SETTINGS, values("url", "d").take(), now);
    now += 14 * MINUTE;

    assertThat(learner.next(SETTINGS, now)).isEmpty();
  }

  @Test
  void shouldBeginAnewWhenNoOtherValuesCome() {
    publish(SETTINGS, values("url", "a", "b", "c"));
    now += 21 * MINUTE;

    assertThat(learner.next(SETTINGS, now).orElseThrow().limited()).isEmpty();

    LabelRewrites version = publish(SETTINGS, values("url", "x", "y", "z"));
    assertThat(rewriteAll(version, "url", "a", "x", "y"))
        .containsExactly(LabelRewriter.OVERFLOW, "x", "y");
  }

  @Test
  void shouldGoOnFromThePublishedVersionAlone() {
    LabelRewrites version =
        publish(SETTINGS, spanNames("GET /1", "GET /2"), values("url", "a", "b", "c"));

    learner = new RewriteLearner(LabelRewrites.read(version.write()));

    assertThat(learner.next(SETTINGS, now)).isEmpty();
    LabelRewrites next = publish(SETTINGS, spanNames("GET /4", "q 1", "q 2"));
    assertThat(next.number()).isEqualTo(2);
    assertThat(next.templates().texts()).containsExactly("GET /<_>", "q <_>");
    assertThat(next.limited()).isEqualTo(version.limited());
    assertThat(learner.next(SETTINGS, now + 21 * MINUTE).orElseThrow().limited()).isEmpty();
  }

  @Test
  void shouldLearnTheSameFromTheSameLogWhereverItStartsAgain() {
    for (long seed = 0; seed < 100; seed++) {
      List<byte[]> log = log(seed);
      RewriteLearner one = new RewriteLearner(LabelRewrites.NONE);
      RewriteLearner other = new RewriteLearner(LabelRewrites.NONE);
      LabelRewrites last = LabelRewrites.NONE;
      LabelRewrites otherLast = LabelRewrites.NONE;
      for (byte[] record : log) {
        one.learn(SETTINGS, record, now);
        last = one.next(SETTINGS, now).orElse(last);
        other.learn(SETTINGS, record, now);
        otherLast = other.next(SETTINGS, now).orElse(otherLast);
        assertThat(otherLast).isEqualTo(last);
      }
      assertThat(LabelRewrites.read(last.write())).isEqualTo(last);
    }
  }

  @Test
  void shouldKeepTheLayoutsOfVersion1() {
    LabelObservations seen = spanNames("GET /größe/1", "GET /größe/2");
    for (String value : List.of("a", "b", "c")) {
      seen.value("url", value);
    }
    byte[] written = seen.take();
    learner.learn(SETTINGS, written, now);
    LabelRewrites version = learner.next(SETTINGS, now).orElseThrow();

    assertThat(hex(written)).isEqualTo(hex(Golden.bytes("label-observations-v1.hex")));
    assertThat(hex(version.write())).isEqualTo(hex(Golden.bytes("label-rewrites-v1.hex")));
    assertThat(LabelRewrites.read(Golden.bytes("label-rewrites-v1.hex"))).isEqualTo(version);
  }

  @Test
  void shouldRefuseOtherVersions() {
    assertThatThrownBy(() -> LabelRewrites.read(new byte[] {7}))
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessage("label rewrites of version 7; this program reads version 1");
    assertThatThrownBy(() -> learner.learn(SETTINGS, new byte[] {7}, now))
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessage("label observations of version 7; this program reads version 1");
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private LabelRewrites publish(RewriteSettings settings, LabelObservations... all) {
    for (LabelObservations seen : all) {
      learner.learn(settings, seen.take(), now);
    }
    return learner.next(settings, now).orElseThrow();
  }

  private static List<byte[]> log(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return random
        .ints(20, 0, 1000)
        .mapToObj(
            number -> {
              LabelObservations seen = spanNames("GET /" + number + "/" + number % 7);
              seen.value("url", "v" + number % 5);
              return seen.take();
            })
        .toList();
  }

  private static LabelObservations spanNames(String... names) {
    LabelObservations seen = new LabelObservations();
    List.of(names).forEach(seen::spanName);
    return seen;
  }

  private static LabelObservations values(String label, String... values) {
    LabelObservations seen = new LabelObservations();
    List.of(values).forEach(value -> seen.value(label, value));
    return seen;
  }

  private static List<String> rewriteAll(LabelRewrites version, String label, String... values) {
    return List.of(values).stream()
        .map(value -> rewrite(SETTINGS, version, new LabelObservations(), label, value))
        .toList();
  }

  private static String rewrite(
      RewriteSettings settings,
      LabelRewrites version,
      LabelObservations seen,
      String label,
      String value) {
    byte[] rewritten =
        new LabelRewriter(settings, version, seen)
            .rewrite(label.getBytes(UTF_8), value.getBytes(UTF_8));
    return new String(rewritten, UTF_8);
  }
}
