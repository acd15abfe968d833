package dev.weir.streams.overrides;

import java.util.Map;
import java.util.Optional;

/**
 * A change of what one source says, in a place of its own in the one order of all changes.
 *
 * @param number the one before plus 1; the first is 1
 * @param source who says it
 * @param defaults what it says of all tenants from now on; empty if that is as before. {@code BASE}
 *     says everything here
 * @param replacesDefaults whether a tenant's entry takes the place of the defaults, instead of
 *     going over them field by field; counts if there are defaults
 * @param tenants what it says of tenants from now on, {@link #ANY_TENANT} among them; an entry that
 *     is empty says that it is gone, and tenants without one are as before
 */
public record OverridesVersion(
    long number,
    Source source,
    Optional<Overrides> defaults,
    boolean replacesDefaults,
    Map<String, Optional<Overrides>> tenants) {

  /** In the place of a tenant: every tenant that has no entry of its own. */
  public static final String ANY_TENANT = "*";

  /** Who says something; a later one goes before an earlier one. */
  public enum Source {
    /** The settings of the process: flags, environment and file. */
    BASE,
    /** The file with overrides by tenant. */
    FILE,
    /** A user, by HTTP. */
    API
  }

  public OverridesVersion {
    tenants = Map.copyOf(tenants);
  }

  /** The process's settings. */
  public static OverridesVersion base(long number, Overrides settings) {
    return new OverridesVersion(number, Source.BASE, Optional.of(settings), false, Map.of());
  }

  /** What a user says of a tenant; empty if nothing any more. */
  public static OverridesVersion api(long number, String tenant, Optional<Overrides> says) {
    return new OverridesVersion(number, Source.API, Optional.empty(), false, Map.of(tenant, says));
  }
}
