package dev.weir.allinone;

import dev.weir.app.settings.InvalidSettingsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The directory of everything that is kept, for one process at a time. */
final class DataDirectory implements AutoCloseable {
  private final Path directory;
  private final boolean hasHistory;
  private final FileChannel lock;

  private DataDirectory(Path directory, boolean hasHistory, FileChannel lock) {
    this.directory = directory;
    this.hasHistory = hasHistory;
    this.lock = lock;
  }

  /**
   * Makes the directory if it is missing, and takes it for this process.
   *
   * @throws InvalidSettingsException if another process has it, or it cannot be written
   */
  static DataDirectory open(Path directory) {
    try {
      Files.createDirectories(directory);
      FileChannel channel =
          FileChannel.open(
              directory.resolve("lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        String owner = read(channel);
        channel.close();
        throw new InvalidSettingsException(
            "data.dir=%s: in use by another process%s; stop it, or choose another directory with --data-dir <directory>"
                .formatted(directory, owner.isEmpty() ? "" : " (" + owner + ")"));
      }
      write(channel, "pid " + ProcessHandle.current().pid());
      return new DataDirectory(directory, Files.exists(directory.resolve("kafka")), channel);
    } catch (IOException e) {
      throw new InvalidSettingsException(
          "data.dir=%s: cannot be written: %s".formatted(directory, e));
    }
  }

  /** Whether an earlier process has kept something here. */
  boolean hasHistory() {
    return hasHistory;
  }

  /** Data of the broker. */
  Path kafka() {
    return directory.resolve("kafka");
  }

  /** Native libraries of this process. */
  Path natives() {
    return directory.resolve("natives");
  }

  Path log() {
    return directory.resolve("weir.log");
  }

  /** Where the built-in receiver's port is kept, so that it stays the same target. */
  Path receiverPort() {
    return directory.resolve("receiver.port");
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the lock of " + directory + " cannot be released", e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(Long.MAX_VALUE - 1, 1, false); // the text before it stays readable
    } catch (OverlappingFileLockException e) { // this process has it
      return null;
    }
  }

  private static String read(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(64);
    channel.read(text, 0);
    return StandardCharsets.UTF_8.decode(text.flip()).toString().trim();
  }

  private static void write(FileChannel channel, String text) throws IOException {
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
  }
}
