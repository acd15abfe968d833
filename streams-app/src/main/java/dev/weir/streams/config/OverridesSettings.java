package dev.weir.streams.config;

import dev.weir.schemas.topic.TopicContract;
import dev.weir.streams.overrides.TenantSettings;
import dev.weir.streams.overrides.Versions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where settings by tenant come from.
 *
 * @param topic where their versions are
 * @param publishes whether this process appends versions, or only reads them
 * @param file has settings by tenant
 * @param filePeriod how often the file is looked at
 * @param api whether users may change settings by HTTP
 * @param replacesDefaults whether a tenant's entry in the file takes the place of its defaults
 * @param base which settings are those of the process
 */
public record OverridesSettings(
    TopicContract topic,
    boolean publishes,
    Optional<Path> file,
    Duration filePeriod,
    boolean api,
    boolean replacesDefaults,
    Base base) {

  /** Which settings are in force where neither file nor user says anything. */
  public enum Base {
    /** Those that were published, by window. What the process has itself follows from there on. */
    PUBLISHED,
    /** The process's own in all windows, as if no others had ever been published. */
    OWN
  }

  /** The same topic, but nothing is appended to it. */
  OverridesSettings readOnly(Base other) {
    return new OverridesSettings(
        topic, false, Optional.empty(), filePeriod, false, replacesDefaults, other);
  }

  /**
   * Versions, without any yet.
   *
   * @param windowMillis length of a window
   * @param process the process's own settings
   */
  public Versions newVersions(long windowMillis, TenantSettings process) {
    return base == Base.OWN
        ? Versions.withoutBase(windowMillis, process)
        : new Versions(windowMillis, process);
  }
}
