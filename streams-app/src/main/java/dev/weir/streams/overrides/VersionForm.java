package dev.weir.streams.overrides;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.overrides.OverridesVersion.Source;
import dev.weir.streams.rewrite.RewriteChange;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A version as a record of the topic: an object of JSON with {@code layout} (1), {@code number},
 * {@code source} ({@code base}, {@code file}, {@code api}, {@code learner}), {@code defaults} if
 * they have changed, {@code replaces_defaults} if that is so, and {@code tenants}, where null says
 * that an entry is gone. What is said is in the form of Tempo's user-configurable overrides. What
 * was learned is in {@code learned}, by tenant, in the form of {@link RewriteChange}.
 */
public final class VersionForm {
  private static final int LAYOUT = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private VersionForm() {}

  /** The record's value. */
  public static byte[] write(OverridesVersion version) {
    Map<String, Object> form = new LinkedHashMap<>();
    form.put("layout", LAYOUT);
    form.put("number", version.number());
    form.put("source", version.source().name().toLowerCase(Locale.ROOT));
    version.defaults().ifPresent(says -> form.put("defaults", says.write()));
    if (version.replacesDefaults()) {
      form.put("replaces_defaults", true);
    }
    Map<String, Object> tenants = new TreeMap<>();
    version
        .tenants()
        .forEach((tenant, says) -> tenants.put(tenant, says.map(Overrides::write).orElse(null)));
    form.put("tenants", tenants);
    if (!version.learned().isEmpty()) {
      Map<String, Object> learned = new TreeMap<>();
      version.learned().forEach((tenant, change) -> learned.put(tenant, change.write()));
      form.put("learned", learned);
    }
    try {
      return JSON.writeValueAsBytes(form);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("overrides cannot be written as JSON", e);
    }
  }

  /**
   * Reads a record's value.
   *
   * @throws CorruptLayoutException if it is none, or says what only a later release understands
   */
  public static OverridesVersion read(byte[] value) {
    Map<?, ?> form = form(value);
    try {
      if (!Integer.valueOf(LAYOUT).equals(form.get("layout"))) {
        throw new IllegalArgumentException("layout " + form.get("layout"));
      }
      return version(form);
    } catch (IllegalArgumentException | ClassCastException e) {
      throw new CorruptLayoutException(
          "version %s of the overrides says what this release does not know (%s). A later release has published it, and this one cannot compute with it: bring all instances to that release"
              .formatted(form.get("number"), e.getMessage()));
    }
  }

  private static Map<?, ?> form(byte[] value) {
    try {
      return JSON.readValue(value, Map.class);
    } catch (IOException e) {
      throw new CorruptLayoutException("overrides cannot be read: " + e.getMessage());
    }
  }

  private static OverridesVersion version(Map<?, ?> form) {
    Map<String, Optional<Overrides>> tenants = new LinkedHashMap<>();
    ((Map<?, ?>) value(form, "tenants"))
        .forEach((tenant, says) -> tenants.put(tenant.toString(), said(says)));
    return new OverridesVersion(
        ((Number) value(form, "number")).longValue(),
        Source.valueOf(value(form, "source").toString().toUpperCase(Locale.ROOT)),
        said(form.get("defaults")),
        Boolean.TRUE.equals(form.get("replaces_defaults")),
        tenants,
        learned(form));
  }

  private static Map<String, RewriteChange> learned(Map<?, ?> form) {
    Map<String, RewriteChange> learned = new LinkedHashMap<>();
    if (form.get("learned") instanceof Map<?, ?> byTenant) {
      byTenant.forEach(
          (tenant, change) ->
              learned.put(tenant.toString(), RewriteChange.read((Map<?, ?>) change)));
    }
    return learned;
  }

  private static Object value(Map<?, ?> form, String name) {
    Object value = form.get(name);
    if (value == null) {
      throw new IllegalArgumentException("there is no " + name);
    }
    return value;
  }

  private static Optional<Overrides> said(@Nullable Object form) {
    return form instanceof Map<?, ?> map ? Optional.of(Overrides.read(map)) : Optional.empty();
  }
}
