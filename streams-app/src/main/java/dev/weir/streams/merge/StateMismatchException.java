package dev.weir.streams.merge;

/**
 * The state was made under settings that cannot be changed under it; says which, and what to do.
 */
public final class StateMismatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StateMismatchException(String message) {
    super(message);
  }
}
