package dev.weir.streams.remotewrite;

import static dev.weir.streams.remotewrite.RemoteWriteVersion.V1;
import static dev.weir.streams.remotewrite.RemoteWriteVersion.V2;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          V1 | 204 | false | ''                                                   | accepted
          V1 | 200 | false | ''                                                   | accepted
          V2 | 204 | true  | ''                                                   | accepted
          V2 | 204 | false | ''                                                   | not_understood
          V2 | 415 | false | unsupported proto message                            | not_understood
          V1 | 415 | false | unsupported proto message                            | misconfigured
          V1 | 301 | false | ''                                                   | misconfigured
          V1 | 401 | false | no credentials                                       | misconfigured
          V1 | 403 | false | ''                                                   | misconfigured
          V1 | 404 | false | remote write receiver needs to be enabled            | misconfigured
          V1 | 405 | false | ''                                                   | misconfigured
          V1 | 408 | false | ''                                                   | retryable
          V1 | 429 | false | limit reached                                        | retryable
          V1 | 500 | false | disk full                                            | retryable
          V1 | 503 | false | Service Unavailable                                  | retryable
          V1 | 500 | false | too old sample                                       | samples_refused
          V1 | 400 | false | out of order sample                                  | samples_refused
          V1 | 400 | false | out of bounds                                        | samples_refused
          V1 | 409 | false | duplicate sample for timestamp 5                     | samples_refused
          V1 | 400 | false | err-mimir-sample-duplicate-timestamp                 | samples_refused
          V1 | 400 | false | ''                                                   | rejected
          V1 | 413 | false | too large                                            | rejected
          V2 | 400 | true  | invalid metric name or labels                        | rejected
          V2 | 400 | false | decoded size exceeds the 33554432 bytes limit        | rejected
          """)
  void shouldReadStatusAndWords(
      RemoteWriteVersion version, int status, boolean written, String body, String outcome) {
    assertThat(
            new Answer(status, written ? 3 : Answer.UNREPORTED, "", body, false)
                .verdict(version, NOW)
                .outcome())
        .isEqualTo(outcome);
  }

  @Test
  void shouldCountRefusalsByLine() {
    String body = "out of order sample {a}\nduplicate sample {b}\n\nout of order sample {c}\n";

    assertThat(new Answer(400, 0, "", body, false).verdict(V2, NOW))
        .isInstanceOfSatisfying(
            Verdict.SamplesRefused.class,
            refused -> {
              assertThat(refused.refusals())
                  .isEqualTo(Map.of(Refusal.OUT_OF_ORDER, 2L, Refusal.DUPLICATE, 1L));
              assertThat(refused.restStored()).isTrue();
            });
  }

  @Test
  void shouldTrustNobodyButAReceiverOf2WithTheRest() {
    assertThat(new Answer(400, Answer.UNREPORTED, "", "out of order", false).verdict(V2, NOW))
        .isInstanceOfSatisfying(
            Verdict.SamplesRefused.class, r -> assertThat(r.restStored()).isFalse());
    assertThat(new Answer(400, 0, "", "out of order", false).verdict(V1, NOW))
        .isInstanceOfSatisfying(
            Verdict.SamplesRefused.class, r -> assertThat(r.restStored()).isFalse());
  }

  @Test
  void shouldNotCountWhatAnotherReasonStandsBesides() {
    String mixed = "out of order sample\ninvalid metric name";

    assertThat(new Answer(400, 0, "", mixed, false).verdict(V2, NOW).outcome())
        .isEqualTo("rejected");
    assertThat(new Answer(400, 0, "", "out of order", true).verdict(V2, NOW).outcome())
        .isEqualTo("rejected");
  }

  @ParameterizedTest
  @CsvSource({
    "'', PT0S",
    "7, PT7S",
    "soon, PT0S",
    "'Fri, 02 Jan 2026 03:04:35 GMT', PT30S",
    "'Fri, 02 Jan 2026 03:04:00 GMT', PT0S",
    "999999999, PT10M"
  })
  void shouldReadWhenToComeBack(String retryAfter, Duration expected) {
    assertThat(new Answer(503, Answer.UNREPORTED, retryAfter, "", false).verdict(V1, NOW))
        .isInstanceOfSatisfying(
            Verdict.Retryable.class, r -> assertThat(r.retryAfter()).isEqualTo(expected));
  }
}
