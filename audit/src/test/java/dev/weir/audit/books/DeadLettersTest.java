package dev.weir.audit.books;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeadLettersTest {
  private static final Scope SCOPE = new Scope(0, 0, 100, 0, 100, true);
  private final DeadLetters letters = new DeadLetters(0, true);

  @Test
  void shouldBeContentWithALetterForEveryPoisonRecord() {
    letters.letter(7);
    letters.poison(7);
    assertThat(letters.findings(SCOPE)).isEmpty();
  }

  @Test
  void shouldFindPoisonWithoutLetterAndTheReverse() {
    letters.letter(7);
    letters.poison(8);
    assertThat(letters.findings(SCOPE))
        .extracting(Finding::text)
        .containsExactly(
            "the record cannot be read and is not in the dead letters",
            "the record is in the dead letters and can be read");
  }

  @Test
  void shouldFindALetterThatIsThereTwice() {
    letters.letter(7);
    letters.letter(7);
    letters.poison(7);
    assertThat(letters.findings(SCOPE))
        .extracting(Finding::text)
        .containsExactly("the record is in the dead letters 2 times");
  }
}
