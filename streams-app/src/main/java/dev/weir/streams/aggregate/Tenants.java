package dev.weir.streams.aggregate;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tenants of one partition, found by the bytes of their ids. Not thread-safe. */
final class Tenants {
  private final AggregateSettings settings;
  private final Map<Id, TenantAggregate> all = new LinkedHashMap<>();
  private TenantAggregate last;

  Tenants(AggregateSettings settings) {
    this.settings = settings;
    this.last = new TenantAggregate(new byte[0], settings);
  }

  /** The tenant whose id stands there; a new one if it is not known. */
  TenantAggregate of(byte[] buffer, int offset, int length) {
    byte[] id = last.tenant();
    if (!Arrays.equals(id, 0, id.length, buffer, offset, offset + length)) {
      last =
          all.computeIfAbsent(
              new Id(Arrays.copyOfRange(buffer, offset, offset + length)),
              key -> new TenantAggregate(key.bytes, settings));
    }
    return last;
  }

  Collection<TenantAggregate> all() {
    return all.values();
  }

  /** Bytes as a key of a map. */
  private static final class Id {
    private final byte[] bytes;

    Id(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Id id && Arrays.equals(bytes, id.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }
}
