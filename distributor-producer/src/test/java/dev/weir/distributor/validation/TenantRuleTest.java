package dev.weir.distributor.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantRuleTest {
  private final TenantRule rule = new TenantRule(true, "single-tenant");

  @ParameterizedTest
  @ValueSource(strings = {"shop", "A-z_0.9!*'()", "...", " shop "})
  void shouldAcceptWhatTempoAccepts(String value) {
    assertThat(rule.judge(List.of(value))).isEqualTo(new Tenancy.Known(value.strip()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop:region=eu", "shop|shop", "shop:a=b|shop"})
  void shouldTakeTheTenantOutOfLongerForms(String value) {
    assertThat(rule.judge(List.of(value))).isEqualTo(new Tenancy.Known("shop"));
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", "a b", "a/b", "tänant", "a|b", "a|", ":a=b", "a:b"})
  void shouldRefuseWhatIsNoTenant(String value) {
    assertThat(rule.judge(List.of("x" + value + "x", "y"))).isInstanceOf(Tenancy.Malformed.class);
    assertThat(rule.judge(List.of(value)))
        .isInstanceOfSatisfying(
            Tenancy.Malformed.class,
            malformed -> assertThat(malformed.fault()).contains("'" + value + "'"));
  }

  @Test
  void shouldLimitTheLength() {
    assertThat(rule.judge(List.of("a".repeat(150)))).isInstanceOf(Tenancy.Known.class);
    assertThat(rule.judge(List.of("a".repeat(151))))
        .isEqualTo(
            new Tenancy.Malformed(
                "the tenant id in X-Scope-OrgID has 151 bytes, at most 150 are allowed"));
  }

  @Test
  void shouldMissAnAbsentOrEmptyHeader() {
    assertThat(rule.judge(List.of())).isEqualTo(new Tenancy.Missing());
    assertThat(rule.judge(List.of(""))).isEqualTo(new Tenancy.Missing());
  }

  @Test
  void shouldIgnoreTheHeaderOfASingleTenant() {
    assertThat(new TenantRule(false, "single-tenant").judge(List.of("a/b", "c")))
        .isEqualTo(new Tenancy.Known("single-tenant"));
  }
}
