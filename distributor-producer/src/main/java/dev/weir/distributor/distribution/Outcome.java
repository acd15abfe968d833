package dev.weir.distributor.distribution;

import java.time.Duration;
import java.util.List;

/** What became of one request; each transport has its own words for it. */
public sealed interface Outcome {
  /** All values of {@link #label}. */
  List<String> LABELS =
      List.of(
          "accepted",
          "partly_accepted",
          "invalid",
          "too_large",
          "unauthenticated",
          "unavailable",
          "failed");

  /**
   * All accepted spans are in the log.
   *
   * @param rejectedSpans how many were not accepted
   * @param message what is wrong with them; empty if there are none
   */
  record Accepted(int rejectedSpans, String message) implements Outcome {
    /** All spans are in the log. */
    static final Accepted ALL = new Accepted(0, "");
  }

  /** Anything but accepted. */
  sealed interface Refusal extends Outcome {
    /** A sentence for the client: what is wrong, where, and the rule. */
    String message();
  }

  /** Sending the same bytes again cannot help. */
  record Invalid(String message) implements Refusal {}

  /** The decoded body, or what it becomes, is larger than allowed. */
  record TooLarge(String message) implements Refusal {}

  /** The request names no tenant. */
  record Unauthenticated(String message) implements Refusal {}

  /** The same bytes may be sent again, not before {@code retryAfter}. */
  record Unavailable(Duration retryAfter, String message) implements Refusal {}

  /** The distributor itself failed; it is not known whether sending again helps. */
  record Failed(String message) implements Refusal {}

  /** The value of the label {@code outcome} in metrics. */
  default String label() {
    if (this instanceof Accepted accepted) {
      return accepted.rejectedSpans() == 0 ? "accepted" : "partly_accepted";
    }
    if (this instanceof Invalid) {
      return "invalid";
    }
    if (this instanceof TooLarge) {
      return "too_large";
    }
    if (this instanceof Unauthenticated) {
      return "unauthenticated";
    }
    return this instanceof Unavailable ? "unavailable" : "failed";
  }
}
