package dev.weir.streams.aggregate;

import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.rewrite.LabelObservations;
import dev.weir.streams.rewrite.RewriteCounts;
import dev.weir.streams.rewrite.RewriteLearner;
import dev.weir.streams.servicegraph.GraphNodes;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tenants of one partition, found by the bytes of their ids. Not thread-safe. */
final class Tenants {
  private static final int KEPT_KEYS_BYTES = 32 * 1024 * 1024;

  private final AggregateSettings settings;
  private final SettingsByWindow tenantSettings;
  private final GraphNodes nodes;
  private final Map<Id, TenantAggregate> all = new LinkedHashMap<>();
  private @Nullable TenantAggregate last;
  private long toldAt = -1;

  /**
   * @param nodes those of the partition's service graph
   */
  Tenants(AggregateSettings settings, SettingsByWindow tenantSettings, GraphNodes nodes) {
    this.settings = settings;
    this.tenantSettings = tenantSettings;
    this.nodes = nodes;
  }

  /**
   * The tenant whose id stands there; a new one if it is not known.
   *
   * @param inWindow one of which something was seen
   */
  TenantAggregate of(byte[] buffer, int offset, int length, long inWindow) {
    TenantAggregate found = last;
    if (found == null
        || !Arrays.equals(
            found.tenant(), 0, found.tenant().length, buffer, offset, offset + length)) {
      found =
          all.computeIfAbsent(
              new Id(Arrays.copyOfRange(buffer, offset, offset + length)),
              key -> new TenantAggregate(key.bytes, settings, tenantSettings, nodes, inWindow));
      last = found;
    }
    return found;
  }

  Collection<TenantAggregate> all() {
    return all.values();
  }

  /** Hands over what is new in labels. */
  void tellLabels(AggregateOutput output) {
    for (TenantAggregate tenant : all.values()) {
      LabelObservations observations = tenant.observations();
      if (!observations.isEmpty()) {
        output.labelObservations(tenant.tenant(), observations.take());
      }
      RewriteCounts counts = observations.takeCounts();
      if (!counts.isEmpty()) {
        output.rewritten(tenant.tenant(), counts);
      }
    }
  }

  /**
   * Forgets what nobody misses: processors of former versions, keys that take much memory or are to
   * be noted anew, and tenants that were not asked for since a window. Everything must have been
   * drained, and the books be closed; nothing may be staged.
   *
   * @param nowMillis the time of the records, Unix milliseconds
   */
  void forget(long sinceWindow, long nowMillis) {
    long slot = nowMillis / RewriteLearner.TOLD_ANEW.toMillis();
    for (TenantAggregate tenant : all.values()) {
      tenant.forgetOtherVersions();
      for (TenantProcessors processors : tenant.all()) {
        processors.forgetIfLargerThan(KEPT_KEYS_BYTES);
        if (slot > toldAt && toldAt >= 0) {
          processors.noteAnew();
        }
      }
    }
    toldAt = Math.max(toldAt, slot);
    if (all.values().removeIf(tenant -> tenant.currentWindow() < sinceWindow)) {
      last = null;
    }
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
