package dev.weir.allinone.shadow;

import dev.weir.allinone.state.SnapshotDirectory;
import dev.weir.streams.config.OverridesSettings.Base;
import dev.weir.streams.config.StreamsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a run is to compute, and how.
 *
 * @param live the settings of the application beside which it runs
 * @param name what tells its topics, groups and directory from those of others
 * @param directory for its state, and to go on after a crash; of this run alone
 * @param identity a line that says what is computed; a run of the same name goes on only if it is
 *     the same
 * @param seed the snapshot that it begins with, if any
 * @param rate how fast it may read
 * @param patience after how long without progress it gives up
 * @param base whether it computes with the settings that were published, or with its own
 */
public record Task(
    StreamsSettings live,
    String name,
    Path directory,
    String identity,
    Optional<SnapshotDirectory> seed,
    Rate rate,
    Duration patience,
    Base base) {

  /** The settings of the application that computes. */
  public StreamsSettings application() {
    return live.apart(name, directory.resolve("state"), base);
  }
}
