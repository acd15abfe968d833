package dev.weir.streams.remotewrite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A password or token, given in the configuration or in a file. Never printed. */
public sealed interface Secret {

  /**
   * The secret in clear. A file is read each time, so that a rotated secret is used at once; white
   * space around it is not part of it.
   *
   * @throws IOException if the file cannot be read
   */
  String reveal() throws IOException;

  /** Given in the configuration. */
  record Inline(String value) implements Secret {
    @Override
    public String reveal() {
      return value;
    }

    @Override
    public String toString() {
      return "********";
    }
  }

  /** Given in a file. */
  record InFile(Path path) implements Secret {
    @Override
    public String reveal() throws IOException {
      return Files.readString(path, StandardCharsets.UTF_8).strip();
    }
  }
}
