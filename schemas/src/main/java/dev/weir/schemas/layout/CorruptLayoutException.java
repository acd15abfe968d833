package dev.weir.schemas.layout;

/**
 * Bytes that we wrote ourselves do not have the layout that they should: a newer version, or
 * damage. Never to be skipped.
 */
public final class CorruptLayoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CorruptLayoutException(String message) {
    super(message);
  }
}
