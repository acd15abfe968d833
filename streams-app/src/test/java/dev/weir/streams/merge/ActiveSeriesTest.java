package dev.weir.streams.merge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.schemas.layout.CorruptLayoutException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ActiveSeriesTest {
  private static final byte[] ACME = "acme".getBytes(UTF_8);
  private static final byte[] KEY = HexFormat.of().parseHex("000161636d65");

  private final MapStore store = new MapStore();

  @Test
  void shouldKeepTheLayoutOfVersion1() {
    ActiveSeries active = new ActiveSeries(store);
    active.of(ACME).added(300);
    active.of(ACME).changed(1);
    active.save(store);

    assertThat(store.entries).hasSize(1);
    assertThat(HexFormat.of().formatHex(store.entries.get(KEY))).isEqualTo("01ad0201");
  }

  @Test
  void shouldReadTheLayoutOfVersion1() {
    store.entries.put(KEY, HexFormat.of().parseHex("01ad0201"));
    store.entries.put(new byte[] {4, 'a'}, new byte[0]);

    assertThat(new ActiveSeries(store).take())
        .extracting(TenantUsage::tenant, TenantUsage::active)
        .containsExactly(tuple("acme", new TenantUsage.Count(301, 1)));
  }

  @Test
  void shouldForgetATenantThatHasNothing() {
    ActiveSeries active = new ActiveSeries(store);
    active.of(ACME).added(3);
    active.save(store);
    active.of(ACME).removed(3);
    active.save(store);

    assertThat(store.entries).isEmpty();
    assertThat(active.take()).hasSize(1);
    assertThat(active.take()).isEmpty();
  }

  @Test
  void shouldRefuseAnotherVersion() {
    store.entries.put(KEY, new byte[] {2});

    assertThatThrownBy(() -> new ActiveSeries(store))
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessage("figures of a tenant of version 2; this program reads version 1");
  }
}
