package dev.weir.ingester.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ingester.backend.ObjectKey;
import dev.weir.ingester.tenant.TenantId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentNameTest {
  @Test
  void shouldComeBackFromItsKey() {
    SegmentName name =
        new SegmentName(new TenantId("a.b"), 12, 3, Long.MAX_VALUE, 1_700_000_000_000L);
    assertThat(name.key())
        .hasToString("a.b/00012-0000000000000000003-9223372036854775807-1700000000000.segment");
    assertThat(SegmentName.parse(name.key())).contains(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b.segment",
        "a/00012-0000000000000000003-0000000000000000002-1700000000000.segment",
        "a/00012-9999999999999999999-9999999999999999999-1700000000000.segment",
        "00012-0000000000000000003-0000000000000000004-1700000000000.segment"
      })
  void shouldLeaveOtherObjectsAlone(String key) {
    assertThat(SegmentName.parse(new ObjectKey(key))).isEmpty();
  }
}
