package dev.weir.schemas.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricGroupTest {
  @ParameterizedTest
  @CsvSource({
    "SPAN_METRICS, 1",
    "SERVICE_GRAPH, 2",
    "TARGET_INFO, 3",
    "SERVICE_GRAPH_MESSAGING, 4",
    "CONNECTION_INFO, 5",
    "HOST_INFO, 6"
  })
  void shouldKeepItsNumber(MetricGroup group, int code) {
    assertThat(group.code()).isEqualTo(code);
    assertThat(MetricGroup.of(code)).isEqualTo(group);
  }

  @Test
  void shouldRefuseANumberThatItDoesNotKnow() {
    assertThatThrownBy(() -> MetricGroup.of(0)).hasMessage("no metric group has number 0");
  }
}
