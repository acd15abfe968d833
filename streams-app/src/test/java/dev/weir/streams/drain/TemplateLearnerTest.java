package dev.weir.streams.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateLearnerTest {
  private final TemplateLearner learner = new TemplateLearner(1000);

  @ParameterizedTest
  @CsvSource({
    "GET /api/users/123, GET /api/users/456, GET /api/users/<_>",
    "POST /api/orders/100/items/1, POST /api/orders/200/items/2, POST /api/orders/<_>/items/<_>",
    "SELECT * FROM users_100, SELECT * FROM users_200, SELECT * FROM users_<_>",
    "grpc.client/service.Method/123, grpc.client/service.Method/4, grpc.client/service.Method/<_>"
  })
  void shouldGiveTheSecondNameThePattern(String first, String second, String pattern) {
    assertThat(learner.learn(first)).isEqualTo(first);
    assertThat(learner.learn(second)).isEqualTo(pattern);
    assertThat(learner.learn(first)).isEqualTo(pattern);
    assertThat(learner.templates().texts()).containsExactly(pattern);
  }

  @Test
  void shouldKeepWordsApart() {
    assertThat(learner.learn("GET /users/123/data")).isEqualTo("GET /users/123/data");
    assertThat(learner.learn("GET /users/123/settings")).isEqualTo("GET /users/123/settings");
    assertThat(learner.learn("GET /users/456/data")).isEqualTo("GET /users/<_>/data");
  }

  @Test
  void shouldWidenAPatternAgain() {
    assertThat(learner.learn("w 0.5")).isEqualTo("w 0.5");
    assertThat(learner.learn("w 0.7")).isEqualTo("w 0.<_>");
    assertThat(learner.learn("w 1.7")).isEqualTo("w <_>.<_>");
  }

  @Test
  void shouldLeaveNamesOfFewOrManyTokensAlone() {
    learner.learn("1");
    learner.learn("2");
    String name = "/1".repeat(40);
    learner.learn(name);

    assertThat(learner.learn(name.replace('1', '2'))).isEqualTo(name.replace('1', '2'));
    assertThat(learner.learn("3")).isEqualTo("3");
    assertThat(learner.templates()).isEqualTo(SpanNameTemplates.NONE);
  }

  @Test
  void shouldTakeWhatIsOneOfAThousandForAParameter() {
    IntStream.range(0, 999).forEach(i -> learner.learn("GET /" + word(i) + "/x"));

    assertThat(learner.learn("GET /" + word(999) + "/x")).isEqualTo("GET /" + word(999) + "/x");
    assertThat(learner.learn("GET /" + word(1000) + "/x")).isEqualTo("GET /<_>/x");
  }

  private static String word(int number) {
    return Integer.toString(number, 10)
        .chars()
        .mapToObj(digit -> String.valueOf((char) (digit - '0' + 'p')))
        .reduce("", String::concat);
  }

  @Test
  void shouldForgetTheClusterThatWasNotUsedForLongest() {
    TemplateLearner small = new TemplateLearner(2);
    small.learn("GET /a/1");
    small.learn("GET /b/1");
    small.learn("GET /a/2");
    small.learn("GET /c/1");

    assertThat(small.learn("GET /a/3")).isEqualTo("GET /a/<_>");
    assertThat(small.learn("GET /b/2")).isEqualTo("GET /b/2");
  }

  @Test
  void shouldTellOnceWhatItHasDone() {
    TemplateLearner small = new TemplateLearner(1);
    small.learn("GET /a/1");
    small.learn("GET /a/2");
    small.learn("GET /b/1");
    small.learn("1");
    small.learn("/1".repeat(40));

    NamesLearned learned = small.takeLearned();

    assertThat(learned).isEqualTo(new NamesLearned(Map.of(7, 3L, 2, 1L, 81, 1L), 2, 1));
    assertThat(learned.tooFewTokens()).isEqualTo(1);
    assertThat(learned.tooManyTokens()).isEqualTo(1);
    assertThat(small.takeLearned()).isEqualTo(new NamesLearned(Map.of(), 0, 0));
  }

  @Test
  void shouldForgetSingleNamesBeforeTemplatesUnlessMostAreTemplates() {
    TemplateLearner small = new TemplateLearner(2);
    small.learn("GET /a/1");
    small.learn("GET /a/2");
    small.learn("GET /b/1");
    small.learn("GET /c/1");

    assertThat(small.templates().texts()).containsExactly("GET /a/<_>");
    assertThat(small.learn("GET /b/2")).isEqualTo("GET /b/2");
    assertThat(small.learn("GET /b/3")).isEqualTo("GET /b/<_>");
    assertThat(small.templates().texts()).containsExactly("GET /a/<_>", "GET /b/<_>");
    assertThat(small.learn("GET /c/2")).isEqualTo("GET /c/2");
    assertThat(small.templates().texts()).containsExactly("GET /b/<_>");
  }
}
