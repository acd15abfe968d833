package dev.weir.allinone.demo;

/** Numbers did not become final in time; the message says how far they are. */
final class NotFinalException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  NotFinalException(String reason) {
    super(reason);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
