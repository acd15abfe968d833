package dev.weir.ingester.backend;

/** The backend cannot do it now: the same call may succeed later. */
public final class BackendUnavailableException extends BackendException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was tried, on what, and what came of it
   */
  public BackendUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
