package dev.weir.ingester.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectKeyTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "/a", "a/", "a//b", "../a", "a/..", "a/./b", "a~b", "a\\b", "ä"})
  void shouldRefuseWhatCouldLeaveTheBackend(String key) {
    assertThatThrownBy(() -> new ObjectKey(key)).hasMessageContaining("'" + key + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", ".a/..b", "a/b/c.d", "a!b-c_d.e*f'g(h)"})
  void shouldAcceptNames(String key) {
    assertThat(new ObjectKey(key)).hasToString(key);
  }
}
