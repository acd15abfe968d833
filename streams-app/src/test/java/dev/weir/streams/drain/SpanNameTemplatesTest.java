package dev.weir.streams.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SpanNameTemplatesTest {
  private static final int SEEDS = 200;

  @Test
  void shouldTurnANameIntoTheTemplateThatItFits() {
    SpanNameTemplates templates = learned("GET /users/1/data", "GET /users/2/data");

    assertThat(templates.apply("GET /users/77/data")).isEqualTo("GET /users/<_>/data");
    assertThat(templates.apply("GET /users/77/settings")).isEqualTo("GET /users/77/settings");
  }

  @Test
  void shouldPreferTheTemplateWithTheFewestParameters() {
    SpanNameTemplates templates =
        SpanNameTemplates.of(
            List.of(
                List.of(Tokens.PARAMETER, "/", Tokens.PARAMETER, Tokens.END),
                List.of("a", "/", Tokens.PARAMETER, Tokens.END),
                List.of(Tokens.PARAMETER, "/", "b", Tokens.END)));

    assertThat(templates.apply("x/y")).isEqualTo("<_>/<_>");
    assertThat(templates.apply("a/y")).isEqualTo("a/<_>");
    assertThat(templates.apply("a/b")).isEqualTo("<_>/b");
  }

  @Test
  void shouldTellNamesThatALearnerHasNotSeen() {
    SpanNameTemplates templates = learned("GET /1", "GET /2");

    assertThat(templates.isUnknown("GET /3")).isFalse();
    assertThat(templates.isUnknown("GET /<_>")).isFalse();
    assertThat(templates.isUnknown("GET")).isFalse();
    assertThat(templates.isUnknown("GET /x/y")).isTrue();
  }

  @Test
  void shouldLeaveAloneWhatItMade() {
    forGeneratedNames(
        (names, templates) ->
            names.forEach(
                name -> {
                  String pattern = templates.apply(name);
                  assertThat(templates.apply(pattern)).isEqualTo(pattern);
                }));
  }

  @Test
  void shouldNotDependOnTheOrderOfTemplates() {
    forGeneratedNames(
        (names, templates) -> {
          List<List<String>> shuffled = new ArrayList<>(templates.templates());
          Collections.shuffle(shuffled, new Random(names.size()));

          SpanNameTemplates others = SpanNameTemplates.of(shuffled);

          assertThat(others).isEqualTo(templates);
          names.forEach(name -> assertThat(others.apply(name)).isEqualTo(templates.apply(name)));
        });
  }

  @Test
  void shouldFitEveryNameThatTheLearnerPutIntoATemplate() {
    for (long seed = 0; seed < SEEDS; seed++) {
      List<String> names = names(seed);
      TemplateLearner learner = new TemplateLearner(10_000);
      List<String> joined =
          names.stream().filter(name -> !learner.learn(name).equals(name)).toList();

      SpanNameTemplates templates = learner.templates();

      assertThat(joined).isNotEmpty();
      assertThat(joined).as("seed %d", seed).noneMatch(name -> templates.apply(name).equals(name));
    }
  }

  @Test
  void shouldBeTheSameAfterATripThroughItsForm() {
    SpanNameTemplates templates = learned("GET /größe/1", "GET /größe/2", "q 1", "q 2");

    assertThat(templates.write())
        .containsExactly(
            Arrays.asList("GET", " ", "/", "größe", "/", null), Arrays.asList("q", " ", null));
    assertThat(SpanNameTemplates.read(templates.write())).isEqualTo(templates);
  }

  @Test
  void shouldTakeAwayAndAddTemplates() {
    SpanNameTemplates users = learned("GET /users/1", "GET /users/2");
    SpanNameTemplates both = users.plus(learned("q 1", "q 2"));

    assertThat(both.texts()).containsExactly("GET /users/<_>", "q <_>");
    assertThat(both.minus(users).texts()).containsExactly("q <_>");
    assertThat(both.within(both.characters())).isSameAs(both);
    assertThat(both.within(both.characters() - 1).texts()).containsExactly("GET /users/<_>");
    assertThat(both.within(-1).texts()).isEmpty();
  }

  private static SpanNameTemplates learned(String... names) {
    TemplateLearner learner = new TemplateLearner(100);
    List.of(names).forEach(learner::learn);
    return learner.templates();
  }

  private interface Check {
    void of(List<String> names, SpanNameTemplates templates);
  }

  private static void forGeneratedNames(Check check) {
    for (long seed = 0; seed < SEEDS; seed++) {
      List<String> names = names(seed);
      check.of(names, learned(names.toArray(String[]::new)));
    }
  }

  private static List<String> names(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> words = List.of("users", "abc", "orders", "v1", "größe", "items", "cart");
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      StringBuilder name = new StringBuilder(random.nextBoolean() ? "GET " : "job-");
      int parts = random.nextInt(1, 5);
      for (int part = 0; part < parts; part++) {
        name.append('/')
            .append(
                random.nextInt(3) > 0
                    ? words.get(random.nextInt(words.size()))
                    : Integer.toHexString(random.nextInt(0, 5000)));
      }
      names.add(name.toString());
    }
    return names;
  }
}
