package dev.weir.streams.remotewrite;

import java.io.IOException;
import java.util.Optional;

/**
 * How a target is trusted and what we show it. Texts are PEM, given in the configuration or in
 * files, which may be replaced at any time.
 *
 * @param ca who signs the target's certificate; those that Java trusts if empty
 * @param identity what we show; nothing if empty
 * @param serverName whom the target's certificate must name; the URL's host if empty
 * @param skipVerify whether any certificate will do
 */
public record Tls(
    Optional<Secret> ca,
    Optional<Identity> identity,
    Optional<String> serverName,
    boolean skipVerify) {
  /** What Java trusts, and nothing shown. */
  public static final Tls DEFAULT =
      new Tls(Optional.empty(), Optional.empty(), Optional.empty(), false);

  /**
   * A certificate and its key.
   *
   * @param certificate followed by those between it and its authority
   * @param key not encrypted
   */
  public record Identity(Secret certificate, Secret key) {}

  /** What stands in the texts at the moment. */
  record Material(Optional<String> ca, Optional<String> certificate, Optional<String> key) {
    /** Not a word of the key. */
    @Override
    public String toString() {
      return "TLS material";
    }
  }

  /**
   * @throws IOException if a file cannot be read
   */
  Material material() throws IOException {
    return new Material(
        reveal(ca),
        reveal(identity.map(Identity::certificate)),
        reveal(identity.map(Identity::key)));
  }

  private static Optional<String> reveal(Optional<Secret> secret) throws IOException {
    return secret.isEmpty() ? Optional.empty() : Optional.of(secret.get().reveal());
  }
}
