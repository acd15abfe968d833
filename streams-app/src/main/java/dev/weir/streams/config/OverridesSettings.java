package dev.weir.streams.config;

import dev.weir.schemas.topic.TopicContract;
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
 */
public record OverridesSettings(
    TopicContract topic,
    boolean publishes,
    Optional<Path> file,
    Duration filePeriod,
    boolean api,
    boolean replacesDefaults) {

  /** The same topic, but nothing is appended to it. */
  OverridesSettings readOnly() {
    return new OverridesSettings(
        topic, false, Optional.empty(), filePeriod, false, replacesDefaults);
  }
}
