package dev.weir.distributor.distribution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.distributor.validation.SpanFault;
import dev.weir.distributor.validation.TenantRule;
import dev.weir.schemas.topic.SpanCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class DistributorTest {
  private static final byte[] REQUEST = new RandomRequests(7).next().toByteArray();
  private static final Outcome.Unavailable AWAY =
      new Outcome.Unavailable(Duration.ofSeconds(2), "away");

  private final SlowLog log = new SlowLog();
  private final Counts counts = new Counts();
  private final InflightBudget budget = new InflightBudget(100_000, () -> 0L);
  private final Distributor distributor =
      new Distributor(
          new TenantRule(true, "single-tenant"),
          SpanCodec.OTLP,
          1_000_000,
          log,
          budget,
          Runnable::run,
          () -> 0L,
          counts);

  @Test
  void shouldNotAnswerBeforeTheLogHasAllRecords() throws Exception {
    CompletionStage<Outcome> outcome = send(REQUEST);
    assertThat(outcome.toCompletableFuture()).isNotDone();
    assertThat(budget.usedBytes()).isGreaterThan(REQUEST.length);
    assertThat(budget.awaitEmpty(Duration.ZERO)).isFalse();

    log.answer(Optional.empty());

    assertThat(outcome.toCompletableFuture())
        .isCompletedWithValueMatching(Outcome.Accepted.class::isInstance);
    assertThat(budget.usedBytes()).isZero();
    assertThat(budget.awaitEmpty(Duration.ZERO)).isTrue();
  }

  @Test
  void shouldPassOnTheRefusalOfTheLog() {
    CompletionStage<Outcome> outcome = send(REQUEST);
    log.answer(Optional.of(AWAY));
    assertThat(outcome.toCompletableFuture()).isCompletedWithValue(AWAY);
    assertThat(counts.answers).containsExactly("unavailable");
  }

  @Test
  void shouldTellClientsToTryAgainWhenTooMuchIsInFlight() {
    while (budget.usedBytes() < 100_000 - 3 * REQUEST.length) {
      assertThat(send(REQUEST).toCompletableFuture()).isNotDone();
    }
    long used = budget.usedBytes();

    assertThat(now(send(new byte[100_000 - (int) used])))
        .isInstanceOfSatisfying(
            Outcome.Unavailable.class,
            busy -> assertThat(busy.message()).startsWith(used + " of 98976 bytes are in flight"));

    assertThat(budget.usedBytes()).isEqualTo(used);
    log.answer(Optional.empty());
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void shouldRefuseForGoodWhatCanNeverFit() {
    ExportRequest expanding =
        new ExportRequest(Transport.HTTP, List.of("shop"), 10, () -> new byte[200_000]);
    assertThat(now(distributor.distribute(expanding))).isInstanceOf(Outcome.TooLarge.class);
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void shouldLookForATenantOnlyIfThereAreSpans() {
    assertThat(now(distributor.distribute(request(new byte[] {0x0A, 0}))))
        .isEqualTo(new Outcome.Accepted(0, ""));
    assertThat(now(distributor.distribute(request(REQUEST))))
        .isInstanceOf(Outcome.Unauthenticated.class);
    assertThat(now(distributor.distribute(request(REQUEST, "a/b"))))
        .isInstanceOf(Outcome.Invalid.class);
    assertThat(counts.spans).isZero();
  }

  @Test
  void shouldAnswerWhenItFailsItself() {
    log.failure = new IllegalStateException("broken");
    assertThat(now(send(REQUEST)))
        .isEqualTo(
            new Outcome.Failed("the distributor failed: java.lang.IllegalStateException: broken"));
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void shouldRefuseNewRequestsWhenItStops() {
    distributor.refuseNew();
    assertThat(now(send(REQUEST))).isInstanceOf(Outcome.Unavailable.class);
  }

  @Test
  void shouldKeyRecordsByTenantAndCountSpans() {
    send(REQUEST);
    assertThat(log.keys).containsExactly("shop");
    int accepted = Reference.expected(new RandomRequests(7).next().getResourceSpansList()).size();
    assertThat(counts.spans - counts.discarded).isEqualTo(accepted);
  }

  private CompletionStage<Outcome> send(byte[] body) {
    return distributor.distribute(request(body, "shop"));
  }

  private static ExportRequest request(byte[] body, String... tenant) {
    return new ExportRequest(Transport.GRPC, List.of(tenant), body.length, () -> body);
  }

  private static Outcome now(CompletionStage<Outcome> outcome) {
    assertThat(outcome.toCompletableFuture()).isDone();
    return outcome.toCompletableFuture().join();
  }

  /** Answers when it is told to. */
  private static final class SlowLog implements SpanLog {
    private final List<CompletableFuture<Optional<Outcome.Refusal>>> waiting = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    private RuntimeException failure;

    @Override
    public int partitions() {
      return 4;
    }

    @Override
    public CompletableFuture<Optional<Outcome.Refusal>> append(
        byte[] key, List<SpanRecord> records) {
      if (failure != null) {
        throw failure;
      }
      keys.add(new String(key, UTF_8));
      CompletableFuture<Optional<Outcome.Refusal>> answer = new CompletableFuture<>();
      waiting.add(answer);
      return answer;
    }

    private void answer(Optional<Outcome.Refusal> refusal) {
      waiting.forEach(future -> future.complete(refusal));
    }
  }

  private static final class Counts implements DistributionObserver {
    private final List<String> answers = new ArrayList<>();
    private int spans;
    private int discarded;

    @Override
    public void received(String tenant, int spans, int bytes) {
      this.spans += spans;
    }

    @Override
    public void discarded(String tenant, SpanFault fault, int spans) {
      discarded += spans;
    }

    @Override
    public void answered(Transport transport, Outcome outcome, Duration elapsed) {
      answers.add(outcome.label());
    }
  }
}
