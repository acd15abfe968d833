package dev.weir.streams.overrides;

import dev.weir.streams.rewrite.RewriteChange;
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
 * @param learned what changes of what was learned of tenants' labels; nothing but by {@code
 *     LEARNER}, who says nothing else
 */
public record OverridesVersion(
    long number,
    Source source,
    Optional<Overrides> defaults,
    boolean replacesDefaults,
    Map<String, Optional<Overrides>> tenants,
    Map<String, RewriteChange> learned) {

  /** In the place of a tenant: every tenant that has no entry of its own. */
  public static final String ANY_TENANT = "*";

  /** Who says something; a later one goes before an earlier one. */
  public enum Source {
    /** The settings of the process: flags, environment and file. */
    BASE,
    /** The file with overrides by tenant. */
    FILE,
    /** A user, by HTTP. */
    API,
    /** Nobody: it was learned from spans. Goes before nobody, as it says nothing of settings. */
    LEARNER
  }

  public OverridesVersion {
    tenants = Map.copyOf(tenants);
    learned = Map.copyOf(learned);
  }

  /** A change of settings. */
  public OverridesVersion(
      long number,
      Source source,
      Optional<Overrides> defaults,
      boolean replacesDefaults,
      Map<String, Optional<Overrides>> tenants) {
    this(number, source, defaults, replacesDefaults, tenants, Map.of());
  }

  /** What was learned of tenants. */
  public static OverridesVersion learned(long number, Map<String, RewriteChange> changes) {
    return new OverridesVersion(number, Source.LEARNER, Optional.empty(), false, Map.of(), changes);
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
