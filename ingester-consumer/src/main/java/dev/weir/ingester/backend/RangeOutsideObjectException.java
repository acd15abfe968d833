package dev.weir.ingester.backend;

/** The object is shorter than the range that was asked for. */
public final class RangeOutsideObjectException extends BackendException {
  private static final long serialVersionUID = 1L;

  /**
   * @param size the object's size in bytes
   */
  public RangeOutsideObjectException(ObjectKey key, long offset, int length, long size) {
    super(
        "bytes %d to %d of %s were asked for, which has %d"
            .formatted(offset, offset + length - 1, key, size));
  }
}
