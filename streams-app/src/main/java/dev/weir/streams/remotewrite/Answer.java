package dev.weir.streams.remotewrite;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A target's answer, and how it is read.
 *
 * @param status the HTTP status
 * @param written samples and native histograms stored by the {@code
 *     X-Prometheus-Remote-Write-*-Written} headers, which every receiver of 2.0 sends; {@link
 *     #UNREPORTED} if there is none
 * @param retryAfter value of {@code Retry-After}, or empty text
 * @param body what was read of it
 * @param truncated whether there was more
 */
record Answer(int status, long written, String retryAfter, String body, boolean truncated) {
  static final long UNREPORTED = -1;

  private static final Set<Integer> CONFIGURATION = Set.of(401, 403, 404, 405, 407, 415);
  private static final int LOGGED_CHARS = 300;

  /** Nobody's overload lasts longer, while a nonsensical date would stop a shard for ever. */
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(10);

  /**
   * @param version the protocol of the request
   * @param now when it came, for dates in {@code Retry-After}
   */
  Verdict verdict(RemoteWriteVersion version, Instant now) {
    if (status / 100 == 2) {
      return accepted(version);
    }
    if (status == 415 && version == RemoteWriteVersion.V2) {
      return new Verdict.NotUnderstood(words());
    }
    if (status == 408 || status == 429) {
      return new Verdict.Retryable(delay(now), words());
    }
    if (status / 100 == 3 || CONFIGURATION.contains(status)) {
      return new Verdict.Misconfigured(words());
    }
    return onSamples(version, now);
  }

  /** Old receivers take a 2.0 request for an empty 1.0 request, say 204 and store nothing. */
  private Verdict accepted(RemoteWriteVersion version) {
    if (version == RemoteWriteVersion.V1) {
      return new Verdict.Accepted(Long.MAX_VALUE);
    }
    return written == UNREPORTED
        ? new Verdict.NotUnderstood(status + " without a word on what was written")
        : new Verdict.Accepted(written);
  }

  private Verdict onSamples(RemoteWriteVersion version, Instant now) {
    Optional<Map<Refusal, Long>> refusals = refusals();
    if (refusals.isPresent()) {
      boolean restStored = version == RemoteWriteVersion.V2 && written != UNREPORTED;
      return new Verdict.SamplesRefused(refusals.get(), restStored, words());
    }
    return status / 100 == 4
        ? new Verdict.Rejected(words(), version == RemoteWriteVersion.V1 || written != UNREPORTED)
        : new Verdict.Retryable(delay(now), words());
  }

  /** Counts by line, if every line is about a sample's place in time. */
  private Optional<Map<Refusal, Long>> refusals() {
    List<String> lines = body.lines().filter(line -> !line.isBlank()).toList();
    Map<Refusal, Long> counts = new EnumMap<>(Refusal.class);
    for (String line : lines) {
      Optional<Refusal> refusal = Refusal.inLine(line);
      if (refusal.isEmpty()) {
        return Optional.empty();
      }
      counts.merge(refusal.get(), 1L, Long::sum);
    }
    return counts.isEmpty() || truncated ? Optional.empty() : Optional.of(counts);
  }

  private Duration delay(Instant now) {
    Duration asked = asked(now);
    if (asked.isNegative()) {
      return Duration.ZERO;
    }
    return asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
  }

  private Duration asked(Instant now) {
    if (retryAfter.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(retryAfter));
    }
    try {
      ZonedDateTime date = ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME);
      return Duration.between(now, date.toInstant());
    } catch (DateTimeParseException e) {
      return Duration.ZERO;
    }
  }

  private String words() {
    String start = body.length() > LOGGED_CHARS ? body.substring(0, LOGGED_CHARS) + "…" : body;
    return (status + " " + start.strip().replaceAll("\\s+", " ")).strip();
  }
}
