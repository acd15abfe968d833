package dev.weir.streams.overrides;

import java.util.Optional;
import java.util.function.Function;

/** The one order of all versions, to which anybody may append. Thread-safe. */
public interface VersionLog {

  /** All versions that there are by now. */
  Versions upToDate();

  /**
   * Appends the version that {@code decision} makes of all versions there are, if it makes one. It
   * may be asked more than once; what it throws is thrown here.
   *
   * @return the version that was appended
   */
  Optional<OverridesVersion> publish(Function<Versions, Optional<OverridesVersion>> decision);
}
