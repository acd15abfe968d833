package dev.weir.schemas.otlp;

/**
 * Bytes that are no valid protobuf message, or not the message that they should be; says what is
 * wrong and where. Has no stack trace: it is an answer, not an accident.
 */
public final class MalformedOtlpException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param fault what is wrong, such as {@code length 300 exceeds the 12 bytes that are left}
   * @param offset index of the byte at which it was noticed
   */
  public MalformedOtlpException(String fault, int offset) {
    super(fault + " at byte " + offset, null, false, false);
  }
}
