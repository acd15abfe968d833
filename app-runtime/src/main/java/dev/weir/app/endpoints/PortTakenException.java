package dev.weir.app.endpoints;

/**
 * Another process listens on a port that we were told to open; the message says which setting
 * changes it.
 */
public final class PortTakenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param key the setting that chose the port
   */
  public PortTakenException(String key, int port, Throwable cause) {
    super(
        "%s=%d: the port is taken by another process; choose another one with --%s <port>"
            .formatted(key, port, key.replace('.', '-')),
        cause);
  }
}
