package dev.weir.streams.overrides;

import dev.weir.streams.overrides.OverridesVersion.Source;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What users say of their tenants themselves, with the rules of Tempo's user-configurable
 * overrides. Objects are as JSON has them: maps, lists, texts, numbers and truth values.
 * Thread-safe.
 */
public final class UserOverrides {
  /** In the place of a version: there is nothing yet. */
  public static final String NEW = "0";

  private final VersionLog log;

  /**
   * What is there.
   *
   * @param version to be handed back with a change
   */
  public record Stored(Map<String, Object> object, String version) {}

  /** Why a request is refused. */
  public enum Reason {
    /** The object cannot be used. */
    INVALID,
    /** There is nothing. */
    NOT_FOUND,
    /** Somebody has changed it. */
    VERSION_MISMATCH
  }

  /** A request is refused. */
  public static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    RefusedException(Reason reason, String message) {
      super(message, null, false, false);
      this.reason = reason;
    }

    public Reason reason() {
      return reason;
    }
  }

  public UserOverrides(VersionLog log) {
    this.log = log;
  }

  /**
   * What a tenant's users say.
   *
   * @throws RefusedException if they say nothing
   */
  public Stored get(String tenant) {
    return stored(log.upToDate(), tenant);
  }

  /**
   * What will be in force for a tenant of whose users there is a word.
   *
   * @throws RefusedException if there is none
   */
  public Stored merged(String tenant) {
    Versions versions = log.upToDate();
    Stored stored = stored(versions, tenant);
    Overrides all = versions.at(tenant, Long.MAX_VALUE).settings().toOverrides();
    return new Stored(object(all), stored.version());
  }

  private static Stored stored(Versions versions, String tenant) {
    Versions.Said said = versions.newest(Source.API, tenant);
    Overrides says =
        said.says().orElseThrow(() -> new RefusedException(Reason.NOT_FOUND, "does not exist"));
    return new Stored(object(says), Long.toString(said.number()));
  }

  private static Map<String, Object> object(Overrides overrides) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("cost_attribution", Map.of());
    object.putAll(overrides.write());
    return object;
  }

  /**
   * Replaces what is there.
   *
   * @param version of what is replaced; {@link #NEW} for nothing
   * @return the new version
   * @throws RefusedException if the object cannot be used, or another version is there
   */
  public String put(String tenant, Map<?, ?> object, String version) {
    Overrides says = read(object);
    return change(
            tenant,
            said -> {
              requireVersion(said, version);
              return Optional.of(says);
            })
        .version();
  }

  /**
   * Merges a patch into what is there, or into nothing, by RFC 7386.
   *
   * @throws RefusedException if the result cannot be used
   */
  public Stored patch(String tenant, Map<?, ?> patch) {
    return change(
        tenant,
        said -> {
          Map<String, Object> before = said.says().map(Overrides::write).orElse(Map.of());
          return Optional.of(read(merged(before, patch)));
        });
  }

  /**
   * Removes what is there.
   *
   * @throws RefusedException if there is nothing, or another version
   */
  public void delete(String tenant, String version) {
    change(
        tenant,
        said -> {
          if (said.says().isEmpty()) {
            throw new RefusedException(Reason.NOT_FOUND, "does not exist");
          }
          requireVersion(said, version);
          return Optional.empty();
        });
  }

  private Stored change(String tenant, Function<Versions.Said, Optional<Overrides>> change) {
    OverridesVersion appended =
        log.publish(
                versions -> {
                  Optional<Overrides> says = change.apply(versions.newest(Source.API, tenant));
                  OverridesVersion next = OverridesVersion.api(versions.number() + 1, tenant, says);
                  check(versions, next, tenant);
                  return Optional.of(next);
                })
            .orElseThrow();
    Overrides says =
        appended.tenants().getOrDefault(tenant, Optional.empty()).orElse(Overrides.NONE);
    return new Stored(object(says), Long.toString(appended.number()));
  }

  private static void check(Versions versions, OverridesVersion next, String tenant) {
    try {
      versions.check(next, tenant);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(Reason.INVALID, String.valueOf(e.getMessage()));
    }
  }

  private static void requireVersion(Versions.Said said, String version) {
    String there = said.says().isEmpty() ? NEW : Long.toString(said.number());
    if (!there.equals(version)) {
      throw new RefusedException(Reason.VERSION_MISMATCH, "version does not match");
    }
  }

  private static Overrides read(Map<?, ?> object) {
    TempoForm.Known known = TempoForm.known(object);
    if (!known.ignored().isEmpty()) {
      throw new RefusedException(
          Reason.INVALID, "Weir has no such thing: " + String.join(", ", known.ignored()));
    }
    try {
      return Overrides.read(known.form());
    } catch (UnknownFieldException e) {
      throw new RefusedException(Reason.INVALID, "json: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new RefusedException(Reason.INVALID, String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, Object> merged(Map<?, ?> target, Map<?, ?> patch) {
    Map<String, Object> merged = new LinkedHashMap<>();
    target.forEach((name, value) -> merged.put(String.valueOf(name), value));
    patch.forEach(
        (key, value) -> {
          String name = String.valueOf(key);
          if (value == null) {
            merged.remove(name);
          } else {
            merged.put(name, merged(merged.get(name), value));
          }
        });
    return merged;
  }

  private static Object merged(@Nullable Object target, Object patch) {
    if (!(patch instanceof Map<?, ?> map)) {
      return patch instanceof List<?> list ? List.copyOf(list) : patch;
    }
    return merged(target instanceof Map<?, ?> section ? section : Map.of(), map);
  }
}
