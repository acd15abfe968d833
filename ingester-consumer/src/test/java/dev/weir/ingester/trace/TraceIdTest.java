package dev.weir.ingester.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceIdTest {
  @Test
  void shouldPadShortIdsOnTheLeft() {
    assertThat(TraceId.parse("1aB")).contains(new TraceId(0, 0x1ab));
    assertThat(TraceId.ofBytes(new byte[] {9, 1, 2}, 1, 2)).contains(new TraceId(0, 0x102));
    assertThat(new TraceId(0, 0x102).matches(new byte[] {1, 2}, 0, 2)).isTrue();
  }

  @Test
  void shouldPrintWhatItParses() {
    String hex = "0af7651916cd43dd8448eb211c80319c";
    assertThat(TraceId.parse(hex).orElseThrow()).hasToString(hex);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "xyz", "0x1", "-1", "000000000000000000000000000000001"})
  void shouldRefuseWhatIsNoId(String text) {
    assertThat(TraceId.parse(text)).isEmpty();
  }

  @Test
  void shouldRefuseOtherLengths() {
    assertThat(TraceId.ofBytes(new byte[0], 0, 0)).isEmpty();
    assertThat(TraceId.ofBytes(new byte[17], 0, 17)).isEmpty();
    assertThat(new TraceId(0, 0).matches(new byte[17], 0, 17)).isFalse();
    assertThat(new TraceId(0, 0).matches(new byte[0], 0, 0)).isFalse();
  }

  @Test
  void shouldSortAsBytesDo() {
    List<String> sorted =
        Stream.of("ff000000000000000000000000000000", "1", "8000000000000000", "10000000000000000")
            .map(hex -> TraceId.parse(hex).orElseThrow())
            .sorted()
            .map(TraceId::toString)
            .toList();
    assertThat(sorted).isSorted().hasSize(4);
  }
}
