package dev.weir.streams.weight;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceStateWeightTest {
  private final TraceStateWeight weight = new TraceStateWeight();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ot=th:0 | 1",
        "ot=th:8 | 2",
        "ot=th:c | 4",
        "ot=th:C | 4",
        "ot=th:ffffffffffffff | 72057594037927936",
        "vendor1=value1,ot=th:8,vendor2=value2 | 2",
        "ot=rv:00112233445566;th:8 | 2",
        "not=th:8,ot=th:c | 4",
        "not=th:8, ot=th:c | 4",
        "ot=th:c ,ot=th:8 | 4",
        "ot=th:4;rv:00000000000000 | 2",
        "ot=th:4;rv:ffffffffffffff | 1"
      })
  void shouldBeToldByTheThreshold(String traceState, double expected) {
    assertThat(of(traceState)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "ot=",
        "ot=th:xyz",
        "ot=th:",
        "ot=th:123456789abcdef",
        "ot=rv:00112233445566",
        "not=th:c",
        "th:8"
      })
  void shouldBeUnknownWithoutAThreshold(String traceState) {
    assertThat(of(traceState)).isZero();
  }

  @Test
  void shouldBeUnknownIfTheMemberIsTooLong() {
    assertThat(of("ot=th:8;x:" + "a".repeat(249))).isEqualTo(2);
    assertThat(of("ot=th:8;x:" + "a".repeat(250))).isZero();
  }

  @Test
  void shouldKeepAFractionWithoutRandomnessAndItsMeanWithIt() {
    assertThat(of("ot=th:4")).isEqualTo(4.0 / 3);
    assertThat(of("ot=th:fd70a4")).isCloseTo(100, within(0.001));
    double sum = 0;
    for (int i = 0; i < 4096; i++) {
      sum += of("ot=th:4;rv:%014x".formatted((long) i << 44));
    }
    assertThat(sum / 4096).isCloseTo(4.0 / 3, within(0.02));
  }

  private double of(String traceState) {
    byte[] bytes = ("<" + traceState + ">").getBytes(UTF_8);
    return weight.of(bytes, 1, bytes.length - 2);
  }
}
