package dev.weir.distributor.publisher;

import dev.weir.distributor.distribution.Outcome;
import java.time.Duration;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;

/** Why Kafka did not store a record. */
public enum ProduceFailure {
  TIMEOUT("timeout"),
  BUFFER_FULL("buffer-full"),
  RECORD_TOO_LARGE("record-too-large"),
  CANCELED("canceled"),
  OTHER("other");

  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final String reason;

  ProduceFailure(String reason) {
    this.reason = reason;
  }

  /** The value of the label {@code reason} in metrics. */
  public String reason() {
    return reason;
  }

  static ProduceFailure of(Exception cause) {
    if (cause instanceof RecordTooLargeException) {
      return RECORD_TOO_LARGE;
    }
    if (cause instanceof BufferExhaustedException) {
      return BUFFER_FULL;
    }
    if (cause instanceof RetriableException) { // timeouts, and what was retried until one
      return TIMEOUT;
    }
    return cause instanceof InterruptException || cause instanceof IllegalStateException
        ? CANCELED
        : OTHER;
  }

  /** Whether it says that Kafka cannot be written to, whatever the record. */
  boolean isKafkaAway() {
    return this == TIMEOUT || this == OTHER;
  }

  Outcome.Refusal refusal(Exception cause) {
    return this == RECORD_TOO_LARGE
        ? new Outcome.Invalid(
            "Kafka refuses a record as too large; the topic's %s may be too low: %s"
                .formatted(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, cause.getMessage()))
        : new Outcome.Unavailable(
            RETRY_AFTER, "Kafka did not store the spans (%s): %s".formatted(reason, cause));
  }
}
