package dev.weir.streams.overrides;

/** Overrides have a field that nobody knows. */
public final class UnknownFieldException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * @param field its name
   */
  public UnknownFieldException(String field) {
    super("unknown field \"%s\"".formatted(field));
  }
}
