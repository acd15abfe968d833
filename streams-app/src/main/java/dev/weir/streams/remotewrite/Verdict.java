package dev.weir.streams.remotewrite;

import java.time.Duration;
import java.util.Map;

/** What a target made of one request. */
sealed interface Verdict {
  /** Value of the metric's tag {@code outcome}. */
  String outcome();

  /**
   * Stored.
   *
   * @param written how many samples the target says it stored, {@link Long#MAX_VALUE} if it does
   *     not say
   */
  record Accepted(long written) implements Verdict {
    @Override
    public String outcome() {
      return "accepted";
    }
  }

  /** Answered by a receiver that does not know remote write 2.0; nothing is stored. */
  record NotUnderstood(String reason) implements Verdict {
    @Override
    public String outcome() {
      return "not_understood";
    }
  }

  /**
   * The same bytes may be sent again, not before {@code retryAfter}; zero leaves that to the
   * sender.
   */
  record Retryable(Duration retryAfter, String reason) implements Verdict {
    @Override
    public String outcome() {
      return "retryable";
    }
  }

  /** Nothing is wrong with the samples, but the target will not take any as it is configured. */
  record Misconfigured(String reason) implements Verdict {
    @Override
    public String outcome() {
      return "misconfigured";
    }
  }

  /**
   * Nothing but samples' places in time is refused.
   *
   * @param refusals how many, at least one
   * @param restStored whether what is not refused is stored; otherwise nothing is
   */
  record SamplesRefused(Map<Refusal, Long> refusals, boolean restStored, String reason)
      implements Verdict {
    public SamplesRefused {
      refusals = Map.copyOf(refusals);
    }

    @Override
    public String outcome() {
      return "samples_refused";
    }
  }

  /**
   * Something in the request is refused, and sending it again cannot help.
   *
   * @param understood whether the answer shows that the target knows the protocol
   */
  record Rejected(String reason, boolean understood) implements Verdict {
    @Override
    public String outcome() {
      return "rejected";
    }
  }
}
