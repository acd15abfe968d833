package dev.weir.ingester.segment;

/** An object that is called a segment but does not have the layout of one. */
public final class CorruptSegmentException extends Exception {
  private static final long serialVersionUID = 1L;

  CorruptSegmentException(String fault) {
    super(fault);
  }
}
