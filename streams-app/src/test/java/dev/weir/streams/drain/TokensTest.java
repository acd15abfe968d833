package dev.weir.streams.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
  @Test
  void shouldSplitAtEverythingThatIsNeitherLetterNorDigit() {
    assertThat(Tokens.of("GET /users_100")).isEqualTo(tokens("GET", " ", "/", "users", "_", "100"));
  }

  @Test
  void shouldTakeAnEscapeAndARunOfWhiteSpaceForOneToken() {
    assertThat(Tokens.of("a%3Dz \t\u0085z%3"))
        .isEqualTo(tokens("a", "%3D", "z", " \t\u0085", "z", "%", "3"));
  }

  @Test
  void shouldTakeAUuidForOneToken() {
    String uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";

    assertThat(Tokens.of("/" + uuid + "/x")).isEqualTo(tokens("/", uuid, "/", "x"));
  }

  @Test
  void shouldCutAfterAHyphenThatFollowsHexadecimalDigits() {
    assertThat(Tokens.of("abc-service")).isEqualTo(tokens("abc-", "service"));
    assertThat(Tokens.of("user-service")).isEqualTo(tokens("user", "-", "service"));
  }

  @Test
  void shouldGoOnAfterHexadecimalDigitsWithLettersAndDigits() {
    assertThat(Tokens.of("data1größe")).isEqualTo(tokens("data1größe"));
  }

  @Test
  void shouldNotSplitACharacterOfTwoUnits() {
    assertThat(Tokens.of("😀z")).isEqualTo(tokens("😀", "z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "abc1", "%3D", "0f8f-d9cb", "users2000", "x12"})
  void shouldRecogniseData(String token) {
    assertThat(Tokens.looksLikeData(token)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"users", "v1", "abc", "abc-", "<END>", " ", "/", "customers10"})
  void shouldNotTakeWordsForData(String token) {
    assertThat(Tokens.looksLikeData(token)).isFalse();
  }

  private static List<String> tokens(String... tokens) {
    return Stream.concat(Stream.of(tokens), Stream.of(Tokens.END)).toList();
  }
}
