package dev.weir.streams.merge;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.merge.TenantUsage.Count;
import dev.weir.streams.series.SeriesLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How much of each tenant is active in a shard. The figures are kept on the heap and in the store,
 * where they change together with what they count; so a limit sees the same figures wherever
 * commits and crashes fall.
 *
 * <p>State: key 0, 1, tenant holds (layout version 1) version, series, label sets as {@code
 * uvarint}s; no entry if both are 0. Not thread-safe.
 */
final class ActiveSeries {
  private static final int VERSION = 1;
  private static final byte[] FIRST = {0, 1};

  private final Map<String, Tenant> tenants = new LinkedHashMap<>();
  private final Set<Tenant> unsaved = new LinkedHashSet<>();

  /** Takes back what a predecessor stored; nothing if it did not count yet. */
  ActiveSeries(SeriesStore store) {
    store.scan(
        FIRST,
        (key, value) -> {
          if (!Arrays.equals(key, 0, FIRST.length, FIRST, 0, FIRST.length)) {
            return false;
          }
          read(of(Arrays.copyOfRange(key, FIRST.length, key.length)), value);
          return true;
        });
  }

  private static void read(Tenant tenant, byte[] stored) {
    ByteReader reader = new ByteReader().reset(stored);
    int version = reader.u8();
    if (version != VERSION) {
      throw new CorruptLayoutException(
          "figures of a tenant of version %d; this program reads version %d"
              .formatted(version, VERSION));
    }
    tenant.active = new Count(reader.uvarint(), reader.uvarint());
  }

  boolean isEmpty() {
    return tenants.isEmpty();
  }

  Tenant of(byte[] tenant) {
    return tenants.computeIfAbsent(
        new String(tenant, StandardCharsets.ISO_8859_1), key -> new Tenant(tenant));
  }

  /** Brings to the store what has changed. */
  void save(SeriesStore store) {
    for (Tenant tenant : unsaved) {
      byte[] key =
          new ByteWriter(32)
              .raw(FIRST, 0, FIRST.length)
              .raw(tenant.id, 0, tenant.id.length)
              .toByteArray();
      if (tenant.active.isZero()) {
        store.delete(key);
      } else {
        store.put(
            key,
            new ByteWriter(16)
                .u8(VERSION)
                .uvarint(tenant.active.series())
                .uvarint(tenant.active.entities())
                .toByteArray());
      }
    }
    unsaved.clear();
  }

  /** What every tenant has; what changed counts from here anew. Tenants without anything go. */
  List<TenantUsage> take() {
    List<TenantUsage> usages = new ArrayList<>();
    tenants.values().forEach(tenant -> usages.add(tenant.take()));
    tenants.values().removeIf(tenant -> tenant.active.isZero() && !unsaved.contains(tenant));
    return usages;
  }

  /** One tenant's figures. */
  final class Tenant {
    private final byte[] id;
    private SeriesLimits limits = SeriesLimits.NONE;
    private Count active = Count.ZERO;
    private Count added = Count.ZERO;
    private Count removed = Count.ZERO;
    private Count limited = Count.ZERO;

    private Tenant(byte[] id) {
      this.id = id;
    }

    void limits(SeriesLimits inForce) {
      limits = inForce;
    }

    /** Whether a label set with that many series may be active, too. */
    boolean admits(int shards, long series) {
      return limits.admit(shards, active.series(), active.entities(), series);
    }

    /** A label set became active. */
    void added(long series) {
      change(series, 1);
      added = added.plus(series, 1);
    }

    /** An active label set has more series than before, or fewer if it lost buckets. */
    void changed(long series) {
      if (series != 0) {
        change(series, 0);
        added = added.plus(Math.max(series, 0), 0);
        removed = removed.plus(Math.max(-series, 0), 0);
      }
    }

    /** An active label set ended. */
    void removed(long series) {
      change(-series, -1);
      removed = removed.plus(series, 1);
    }

    /** A label set was folded into the overflow series. */
    void limited(long series) {
      limited = limited.plus(series, 1);
    }

    private void change(long series, long labelSets) {
      active = active.plus(series, labelSets);
      unsaved.add(this);
    }

    private TenantUsage take() {
      TenantUsage usage =
          new TenantUsage(
              new String(id, StandardCharsets.UTF_8), limits, active, added, removed, limited);
      added = Count.ZERO;
      removed = Count.ZERO;
      limited = Count.ZERO;
      return usage;
    }
  }
}
