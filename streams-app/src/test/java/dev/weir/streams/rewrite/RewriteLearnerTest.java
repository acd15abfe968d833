package dev.weir.streams.rewrite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.Golden;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RewriteLearnerTest {
  private static final RewriteSettings SETTINGS = new RewriteSettings(SpanNameMode.ENABLED, 2);
  private static final long MINUTE = 60_000;
  private static final int MOST = 1_000_000;

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

    assertThat(learner.change(SETTINGS, now, MOST)).isEmpty();
  }

  @Test
  void shouldOnlyLearnInADryRun() {
    RewriteSettings dry = new RewriteSettings(SpanNameMode.DRY_RUN, 0);
    LabelRewrites version = publish(dry, spanNames("GET /1", "GET /2"));

    assertThat(version.templates().texts()).containsExactly("GET /<_>");
    assertThat(learner.takeFigures(now).patterns()).isEqualTo(1);
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

    assertThat(learner.change(SETTINGS, now, MOST)).isEmpty();
  }

  @Test
  void shouldBeginAnewWhenNoOtherValuesCome() {
    publish(SETTINGS, values("url", "a", "b", "c"));
    now += 21 * MINUTE;

    assertThat(publish(SETTINGS).limited()).isEmpty();

    LabelRewrites version = publish(SETTINGS, values("url", "x", "y", "z"));
    assertThat(rewriteAll(version, "url", "a", "x", "y"))
        .containsExactly(LabelRewriter.OVERFLOW, "x", "y");
  }

  @Test
  void shouldGoOnFromThePublishedVersionAlone() {
    LabelRewrites version =
        publish(SETTINGS, spanNames("GET /1", "GET /2"), values("url", "a", "b", "c"));

    learner = new RewriteLearner(version);

    assertThat(learner.change(SETTINGS, now, MOST)).isEmpty();
    LabelRewrites next = publish(SETTINGS, spanNames("GET /4", "q 1", "q 2"));
    assertThat(next.number()).isEqualTo(2);
    assertThat(next.templates().texts()).containsExactly("GET /<_>", "q <_>");
    assertThat(next.limited()).isEqualTo(version.limited());
    now += 21 * MINUTE;
    assertThat(publish(SETTINGS).limited()).isEmpty();
  }

  @Test
  void shouldForgetValuesThatAreNotToldAnew() {
    learner.learn(SETTINGS, values("url", "a", "b").take(), now);
    now += 21 * MINUTE;
    learner.learn(SETTINGS, values("url", "c", "d").take(), now);

    assertThat(learner.change(SETTINGS, now, MOST)).isEmpty();
    assertThat(learner.takeFigures(now).values()).containsEntry("url", 2L);
  }

  @Test
  void shouldKeepMoreValuesWhenTheLimitIsRaised() {
    publish(SETTINGS, values("url", "a", "b", "c"));
    RewriteSettings raised = new RewriteSettings(SpanNameMode.ENABLED, 4);

    LabelRewrites version = publish(raised, values("url", "c", "d", "e"));

    assertThat(rewriteAll(version, "url", "a", "b", "c", "d", "e"))
        .containsExactly("a", "b", "c", "d", LabelRewriter.OVERFLOW);
    assertThat(learner.takeFigures(now).values()).containsEntry("url", 6L);
  }

  @Test
  void shouldPublishInPartsWhatIsTooMuchForOneVersion() {
    publish(SETTINGS, spanNames("GET /1", "GET /2"));
    learner.learn(SETTINGS, spanNames("GET /users/1", "GET /users/2", "q 1", "q 2").take(), now);
    learner.learn(SETTINGS, values("url", "a", "b", "c").take(), now);

    RewriteChange first = learner.change(SETTINGS, now, 45).orElseThrow();
    assertThat(first.added().texts()).containsExactly("GET /users/<_>");
    assertThat(first.limited()).isEmpty();

    learner.published(first.applyTo(learner.published(), 2));
    assertThat(publish(SETTINGS).templates().texts())
        .containsExactly("GET /<_>", "GET /users/<_>", "q <_>");
    assertThat(learner.published().limited()).containsOnlyKeys("url");
  }

  @Test
  void shouldTellHowManyLabelSetsThereAreWithAndWithoutTemplates() {
    LabelRewrites version = publish(SETTINGS, spanNames("GET /1", "GET /2"));
    LabelObservations seen = new LabelObservations();
    LabelRewriter rewriter = new LabelRewriter(SETTINGS, version, seen);
    for (int i = 0; i < 10; i++) {
      rewriter.begin();
      rewriter.rewrite("service".getBytes(UTF_8), "shop".getBytes(UTF_8));
      rewriter.rewrite("span_name".getBytes(UTF_8), ("GET /" + i).getBytes(UTF_8));
    }

    assertThat(seen.takeCounts()).isEqualTo(new RewriteCounts(10, Map.of()));
    learner.learn(SETTINGS, seen.take(), now);
    assertThat(learner.takeFigures(now).labelSets()).isEqualTo(10);
    assertThat(learner.takeFigures(now).templatedLabelSets()).isEqualTo(1);
    assertThat(seen.isEmpty()).isTrue();
  }

  @Test
  void shouldReadObservationsOfVersion1() {
    learner.learn(SETTINGS, Golden.bytes("label-observations-v1.hex"), now);

    RewriteChange change = learner.change(SETTINGS, now, MOST).orElseThrow();
    assertThat(change.added().texts()).containsExactly("GET /größe/<_>");
    assertThat(change.limited()).containsOnlyKeys("url");
  }

  @Test
  void shouldKeepTheLayoutOfVersion2() {
    LabelObservations seen = spanNames("GET /größe/1", "GET /größe/2");
    for (String value : List.of("a", "b", "c")) {
      seen.value("url", value);
    }
    seen.beginLabelSet();
    seen.label("span_name".getBytes(UTF_8), "q".getBytes(UTF_8), "r".getBytes(UTF_8));

    assertThat(hex(seen.take())).isEqualTo(hex(Golden.bytes("label-observations-v2.hex")));
  }

  @Test
  void shouldRefuseOtherVersions() {
    assertThatThrownBy(() -> learner.learn(SETTINGS, new byte[] {7}, now))
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessage("label observations of version 7; this program reads versions 1 to 2");
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private LabelRewrites publish(RewriteSettings settings, LabelObservations... all) {
    for (LabelObservations seen : all) {
      learner.learn(settings, seen.take(), now);
    }
    RewriteChange change =
        RewriteChange.read(learner.change(settings, now, MOST).orElseThrow().write());
    LabelRewrites last = learner.published();
    learner.published(change.applyTo(last, last.number() + 1));
    return learner.published();
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
