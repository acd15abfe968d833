package dev.weir.streams.series;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.layout.ByteReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelsWriterTest {
  private static final byte[] NAME = {'n'};

  @Test
  void shouldReplaceValuesAfterTheyWereCutUnlessTheyAreNoText() {
    LabelsWriter labels =
        new LabelsWriter(
            new LabelRules(0, 3, Set.of()),
            (name, value) -> utf8("<" + new String(value, UTF_8) + ">"));

    labels.begin().label(NAME, utf8("abcd")).label(NAME, bytes(0x80)).label(NAME, utf8(""));

    LabelsWriter expected =
        new LabelsWriter(LabelRules.NONE)
            .begin()
            .label(NAME, utf8("<abc>"))
            .label(NAME, bytes(0x80));
    assertThat(labels.labels().toByteArray()).isEqualTo(expected.labels().toByteArray());
  }

  @Test
  void shouldKeepTheOrderAndLeaveOutWhatIsEmpty() {
    LabelsWriter labels = writer(0).begin();

    labels.label(utf8("b"), utf8("2")).label(utf8("c"), utf8("")).label(utf8("a"), utf8("1"));

    assertThat(text(labels)).containsExactly("b=2", "a=1");
    assertThat(labels.isWellFormed()).isTrue();
  }

  @Test
  void shouldTakeASlice() {
    LabelsWriter labels = writer(0).begin().label(NAME, utf8("abcd"), 1, 2);

    assertThat(text(labels)).containsExactly("n=bc");
  }

  @ParameterizedTest
  @CsvSource({
    "abcd,3,abc",
    "abc,3,abc",
    "größe,3,gr",
    "größe,4,grö",
    "€€,5,€",
    "€€,3,€",
    "😀x,4,😀",
    "a😀,4,a"
  })
  void shouldCutAtTheBorderOfACharacter(String value, int maxBytes, String kept) {
    LabelsWriter labels = writer(maxBytes).begin().label(NAME, utf8(value));

    assertThat(text(labels)).containsExactly("n=" + kept);
    assertThat(labels.isWellFormed()).isTrue();
  }

  @Test
  void shouldLeaveOutALabelOfWhichTheCutLeavesNothing() {
    LabelsWriter labels = writer(2).begin().label(NAME, utf8("€"));

    assertThat(labels.labels().length()).isZero();
    assertThat(labels.isWellFormed()).isTrue();
  }

  @Test
  void shouldSayThatAValueIsNotUtf8UntilTheNextBegins() {
    LabelsWriter labels = writer(0);

    assertThat(labels.begin().label(NAME, bytes(0xC3, 0x28)).label(NAME, utf8("a")).isWellFormed())
        .isFalse();
    assertThat(labels.begin().label(NAME, bytes(0xED, 0xA0, 0x80)).isWellFormed()).isFalse();
    assertThat(labels.begin().label(NAME, bytes(0xC0, 0x80)).isWellFormed()).isFalse();
    assertThat(labels.begin().label(NAME, utf8("ü")).isWellFormed()).isTrue();
  }

  @Test
  void shouldNotTakeContinuationBytesForACharacterThatIsCut() {
    LabelsWriter labels = writer(4).begin().label(NAME, bytes(0x80, 0x80, 0x80, 0x80, 0x80, 0x80));

    assertThat(labels.isWellFormed()).isFalse();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static List<String> text(LabelsWriter labels) {
    ByteReader reader =
        new ByteReader().reset(labels.labels().bytes(), 0, labels.labels().length());
    List<String> text = new ArrayList<>();
    while (reader.hasMore()) {
      text.add(new String(reader.prefixed(), UTF_8) + '=' + new String(reader.prefixed(), UTF_8));
    }
    return text;
  }

  private static LabelsWriter writer(int maxValueBytes) {
    return new LabelsWriter(new LabelRules(0, maxValueBytes, Set.of()));
  }
}
