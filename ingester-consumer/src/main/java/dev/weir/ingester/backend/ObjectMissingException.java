package dev.weir.ingester.backend;

/** There is no object of that key. */
public final class ObjectMissingException extends BackendException {
  private static final long serialVersionUID = 1L;

  /**
   * @param key the key that was asked for
   */
  public ObjectMissingException(ObjectKey key) {
    super("there is no object " + key);
  }
}
