package dev.weir.allinone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where libraries unpack their native parts: not into the system's directory for temporary files,
 * from which nothing may be run on many machines. Must be told before the first of them is used.
 */
final class NativeLibraries {
  /** RocksDB and LZ4 take the first; the others have properties of their own. */
  private static final List<String> PROPERTIES =
      List.of(
          "java.io.tmpdir",
          "org.xerial.snappy.tempdir",
          "ZstdTempFolder",
          "io.netty.native.workdir",
          "io.grpc.netty.shaded.io.netty.native.workdir");

  private NativeLibraries() {}

  /**
   * Has them unpacked in this directory, after what an earlier process left there is removed.
   *
   * @param directory for this process alone
   */
  static void unpackIn(Path directory) {
    try {
      Files.createDirectories(directory);
      clear(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " cannot be cleared: " + e, e);
    }
    String absolute = directory.toAbsolutePath().toString();
    PROPERTIES.forEach(property -> System.setProperty(property, absolute));
  }

  private static void clear(Path directory) throws IOException {
    try (Stream<Path> leftovers = Files.list(directory)) {
      for (Path file : leftovers.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
  }
}
