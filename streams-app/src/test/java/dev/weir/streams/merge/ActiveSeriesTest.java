package dev.weir.streams.merge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.schemas.layout.CorruptLayoutException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ActiveSeriesTest implements SeriesStore {
  private static final byte[] ACME = "acme".getBytes(UTF_8);
  private static final byte[] KEY = HexFormat.of().parseHex("000161636d65");

  private final TreeMap<byte[], byte[]> store = new TreeMap<>(Arrays::compareUnsigned);

  @Test
  void shouldKeepTheLayoutOfVersion1() {
    ActiveSeries active = new ActiveSeries(this);
    active.of(ACME).added(300);
    active.of(ACME).changed(1);
    active.save(this);

    assertThat(store).hasSize(1);
    assertThat(HexFormat.of().formatHex(store.get(KEY))).isEqualTo("01ad0201");
  }

  @Test
  void shouldReadTheLayoutOfVersion1() {
    store.put(KEY, HexFormat.of().parseHex("01ad0201"));
    store.put(new byte[] {4, 'a'}, new byte[0]);

    assertThat(new ActiveSeries(this).take())
        .extracting(TenantUsage::tenant, TenantUsage::active)
        .containsExactly(tuple("acme", new TenantUsage.Count(301, 1)));
  }

  @Test
  void shouldForgetATenantThatHasNothing() {
    ActiveSeries active = new ActiveSeries(this);
    active.of(ACME).added(3);
    active.save(this);
    active.of(ACME).removed(3);
    active.save(this);

    assertThat(store).isEmpty();
    assertThat(active.take()).hasSize(1);
    assertThat(active.take()).isEmpty();
  }

  @Test
  void shouldRefuseAnotherVersion() {
    store.put(KEY, new byte[] {2});

    assertThatThrownBy(() -> new ActiveSeries(this))
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessage("figures of a tenant of version 2; this program reads version 1");
  }

  @Override
  public byte[] get(byte[] key) {
    return store.get(key);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    store.put(key, value);
  }

  @Override
  public void delete(byte[] key) {
    store.remove(key);
  }

  @Override
  public void scan(byte[] from, Visitor visitor) {
    for (Map.Entry<byte[], byte[]> entry : store.tailMap(from).entrySet()) {
      if (!visitor.entry(entry.getKey(), entry.getValue())) {
        return;
      }
    }
  }
}
