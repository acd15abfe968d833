package dev.weir.ingester.api;

import io.micronaut.http.HttpStatus;

/** A request that cannot be served as it is. Has no stack trace: it is an answer. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final HttpStatus status;
  private final String reason;

  RefusedException(HttpStatus status, String reason) {
    super(reason, null, false, false);
    this.status = status;
    this.reason = reason;
  }

  static RefusedException badRequest(String reason) {
    return new RefusedException(HttpStatus.BAD_REQUEST, reason);
  }

  /** What to tell the client. */
  String reason() {
    return reason;
  }

  HttpStatus status() {
    return status;
  }
}
