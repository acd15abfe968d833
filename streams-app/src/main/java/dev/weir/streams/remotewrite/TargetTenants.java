package dev.weir.streams.remotewrite;

import java.util.Set;

/**
 * Whose samples a target gets, and whether it is told whose they are.
 *
 * @param only tenants that it gets, all if empty
 * @param except tenants that it does not get
 * @param named whether {@code X-Scope-OrgID} goes along
 */
public record TargetTenants(Set<String> only, Set<String> except, boolean named) {
  /** All tenants, by name. */
  public static final TargetTenants ALL = new TargetTenants(Set.of(), Set.of(), true);

  public TargetTenants {
    only = Set.copyOf(only);
    except = Set.copyOf(except);
  }

  /** The same tenants, without their names. */
  public TargetTenants unnamed() {
    return new TargetTenants(only, except, false);
  }

  /** Whether the target gets the tenant's samples. */
  boolean includes(String tenant) {
    return (only.isEmpty() || only.contains(tenant)) && !except.contains(tenant);
  }
}
