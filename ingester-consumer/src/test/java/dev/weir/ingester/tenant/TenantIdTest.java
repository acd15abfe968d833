package dev.weir.ingester.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantIdTest {
  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "a|b", "ü", "a b"})
  void shouldRefuse(String text) {
    assertThat(TenantId.parse(text)).isEmpty();
    assertThatThrownBy(() -> new TenantId(text)).hasMessageContaining("'" + text + "' must be");
  }

  @Test
  void shouldAcceptUpTo150Characters() {
    assertThat(TenantId.parse("a".repeat(150))).isPresent();
    assertThat(TenantId.parse("a".repeat(151))).isEmpty();
    assertThat(TenantId.parse("...")).contains(new TenantId("..."));
  }
}
