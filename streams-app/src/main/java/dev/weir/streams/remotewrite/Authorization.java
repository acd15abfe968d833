package dev.weir.streams.remotewrite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** How the sender proves who it is. */
public sealed interface Authorization {

  /**
   * Value of the header {@code Authorization}; empty for none.
   *
   * @throws IOException if a file with a secret cannot be read
   */
  Optional<String> header() throws IOException;

  /** Not at all. */
  record None() implements Authorization {
    @Override
    public Optional<String> header() {
      return Optional.empty();
    }
  }

  /** By name and password. */
  record Basic(String username, Secret password) implements Authorization {
    @Override
    public Optional<String> header() throws IOException {
      byte[] pair = (username + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8);
      return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
    }
  }

  /**
   * By a token.
   *
   * @param type the scheme, such as {@code Bearer}
   */
  record Token(String type, Secret credentials) implements Authorization {
    @Override
    public Optional<String> header() throws IOException {
      return Optional.of(type + " " + credentials.reveal());
    }
  }
}
