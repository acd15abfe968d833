package dev.weir.allinone.state;

import dev.weir.schemas.layout.CorruptLayoutException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * A directory that holds one snapshot: {@code snapshot.txt}, which is written last and says what it
 * is, and {@code <store>-<partition>.state} for each partition of each store. Equal snapshots are
 * equal in every byte.
 */
public final class SnapshotDirectory {
  private static final String DESCRIPTION = "snapshot.txt";

  private final Path directory;

  public SnapshotDirectory(Path directory) {
    this.directory = directory;
  }

  /** The names of the whole snapshots in a directory, in order; none if it does not exist. */
  public static List<String> namesIn(Path snapshots) {
    if (!Files.isDirectory(snapshots)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(snapshots)) {
      return all.filter(directory -> new SnapshotDirectory(directory).exists())
          .map(directory -> directory.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether there is a whole snapshot. */
  public boolean exists() {
    return Files.exists(directory.resolve(DESCRIPTION));
  }

  /** Where it is. */
  public Path path() {
    return directory;
  }

  /** Removes what is there, such as a snapshot that was interrupted. */
  public void clear() {
    if (Files.exists(directory)) {
      deleteAll(directory);
    }
    run(() -> Files.createDirectories(directory));
  }

  /** Writes one partition of a store. */
  public void write(String store, int partition, SortedMap<byte[], byte[]> entries) {
    run(() -> StateFile.write(file(store, partition), entries));
  }

  /** Writes what the snapshot says of itself, which makes it one. */
  public void finish(Snapshot snapshot) {
    run(
        () -> {
          Path unfinished = directory.resolve(DESCRIPTION + ".part");
          Files.writeString(unfinished, snapshot.write());
          Files.move(unfinished, directory.resolve(DESCRIPTION));
        });
  }

  /**
   * Reads what it says of itself.
   *
   * @throws CorruptLayoutException if it cannot be read
   */
  public Snapshot describe() {
    try {
      return Snapshot.read(Files.readAllLines(directory.resolve(DESCRIPTION)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NumberFormatException e) {
      throw new CorruptLayoutException(
          "%s: %s".formatted(directory.resolve(DESCRIPTION), e.getMessage()));
    }
  }

  /** Shows the entries of one partition of a store. */
  public void read(String store, int partition, BiConsumer<byte[], byte[]> entry) {
    run(() -> StateFile.read(file(store, partition), entry));
  }

  private Path file(String store, int partition) {
    return directory.resolve("%s-%d.state".formatted(store, partition));
  }

  /** Removes a directory with everything in it. */
  public static void deleteAll(Path directory) {
    run(
        () -> {
          try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
              Files.delete(file);
            }
          }
        });
  }

  private interface Action {
    void run() throws IOException;
  }

  private static void run(Action action) {
    try {
      action.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
