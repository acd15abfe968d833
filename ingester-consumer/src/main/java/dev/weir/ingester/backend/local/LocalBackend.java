package dev.weir.ingester.backend.local;

import dev.weir.ingester.backend.Backend;
import dev.weir.ingester.backend.BackendEntry;
import dev.weir.ingester.backend.BackendException;
import dev.weir.ingester.backend.BackendUnavailableException;
import dev.weir.ingester.backend.ObjectKey;
import dev.weir.ingester.backend.ObjectMissingException;
import dev.weir.ingester.backend.RangeOutsideObjectException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Objects as files below a directory. A file is written under a name that is no key, forced to disk
 * and renamed, so that a crash leaves either the old object or the new one.
 */
public final class LocalBackend implements Backend {
  /** Stands in the names of files that are still being written; no key has it. */
  private static final String UNFINISHED = "~";

  private final Path root;

  /**
   * @param root the directory; {@link #open} makes it
   */
  public LocalBackend(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /**
   * Makes the directory and removes what a crash left unfinished. What another process is just
   * writing there is removed, too; its write fails and is repeated.
   *
   * @throws BackendUnavailableException if the directory cannot be made, read and written
   */
  public void open() throws BackendUnavailableException {
    try {
      Files.createDirectories(root);
      for (Path file : files()) {
        if (file.getFileName().toString().contains(UNFINISHED)) {
          Files.deleteIfExists(file);
        }
      }
      Files.delete(Files.createFile(root.resolve(UNFINISHED + UUID.randomUUID())));
    } catch (IOException e) {
      throw failed("open", root, e);
    }
  }

  @Override
  public long put(ObjectKey key, Content content) throws BackendUnavailableException {
    Path file = file(key);
    Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED + UUID.randomUUID());
    try {
      Files.createDirectories(directory(file));
      long size = write(unfinished, content);
      Files.move(
          unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceDirectory(directory(file));
      return size;
    } catch (IOException e) {
      removeQuietly(unfinished, e);
      throw failed("write", file, e);
    }
  }

  @Override
  public byte[] get(ObjectKey key, long offset, int length) throws BackendException {
    Path file = file(key);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (offset < 0 || length < 0 || offset > channel.size() - length) {
        throw new RangeOutsideObjectException(key, offset, length, channel.size());
      }
      ByteBuffer bytes = ByteBuffer.allocate(length);
      while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {
        // a read may be partial
      }
      return bytes.array();
    } catch (NoSuchFileException e) {
      throw new ObjectMissingException(key);
    } catch (IOException e) {
      throw failed("read", file, e);
    }
  }

  @Override
  public List<BackendEntry> list() throws BackendUnavailableException {
    List<BackendEntry> entries = new ArrayList<>();
    try {
      for (Path file : files()) {
        entry(file).ifPresent(entries::add);
      }
    } catch (IOException e) {
      throw failed("list", root, e);
    }
    entries.sort((a, b) -> a.key().compareTo(b.key()));
    return entries;
  }

  @Override
  public void delete(ObjectKey key) throws BackendUnavailableException {
    Path file = file(key);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed("delete", file, e);
    }
  }

  private Optional<BackendEntry> entry(Path file) throws IOException {
    String name = root.relativize(file).toString().replace('\\', '/');
    if (!ObjectKey.isKey(name)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BackendEntry(new ObjectKey(name), Files.size(file)));
    } catch (NoSuchFileException e) { // deleted meanwhile
      return Optional.empty();
    }
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            files.add(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) { // renamed or deleted meanwhile
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    return files;
  }

  private Path file(ObjectKey key) {
    return root.resolve(key.value());
  }

  private static Path directory(Path file) {
    return Objects.requireNonNull(file.getParent(), "a key is below the root");
  }

  private static long write(Path file, Content content) throws IOException {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
      content.writeTo(out);
      out.flush();
      channel.force(true);
      return channel.size();
    }
  }

  /** A rename is durable once its directory is; where directories cannot be opened it need not. */
  private static void forceDirectory(Path directory) throws IOException {
    if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void removeQuietly(Path file, IOException because) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  private static BackendUnavailableException failed(String verb, Path what, Exception cause) {
    return new BackendUnavailableException("cannot " + verb + " " + what + ": " + cause, cause);
  }
}
