package dev.weir.ingester.backend;

/** The backend did not do what it was asked to; the subclass says whether asking again can help. */
public abstract sealed class BackendException extends Exception
    permits BackendUnavailableException, ObjectMissingException, RangeOutsideObjectException {
  private static final long serialVersionUID = 1L;

  BackendException(String message) {
    super(message);
  }

  BackendException(String message, Throwable cause) {
    super(message, cause);
  }
}
