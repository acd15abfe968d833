package dev.weir.streams.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.streams.remotewrite.FakeReceiver.Received;
import dev.weir.streams.remotewrite.FakeReceiver.Reply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecordDeliveryTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Clock clock = Clock.systemUTC();
  private boolean sentBefore;
  private FakeReceiver receiver;

  @BeforeEach
  void startReceiver() throws Exception {
    receiver = FakeReceiver.start();
  }

  @AfterEach
  void stopReceiver() {
    receiver.close();
  }

  @Test
  void shouldSendHeadersOfVersion1() {
    deliver("acme", Requests.floats(5, 1.5, "a"), target(RemoteWriteVersion.V1));

    Received request = receiver.received().get(0);
    assertThat(request.header("Content-Type")).isEqualTo("application/x-protobuf");
    assertThat(request.header("X-Prometheus-Remote-Write-Version")).isEqualTo("0.1.0");
    assertThat(request.header("Content-Encoding")).isEqualTo("snappy");
    assertThat(request.header("User-Agent")).startsWith("weir/");
    assertThat(request.header("X-Scope-OrgID")).isEqualTo("acme");
    assertThat(request.lines()).isEqualTo(Requests.plain(Requests.floats(5, 1.5, "a")));
  }

  @Test
  void shouldSendHeadersOfVersion2() {
    receiver.answer(request -> understood(204, ""));

    deliver("acme", Requests.floats(5, 1.5, "a"), target(RemoteWriteVersion.V2));

    Received request = receiver.received().get(0);
    assertThat(request.header("Content-Type"))
        .isEqualTo("application/x-protobuf;proto=io.prometheus.write.v2.Request");
    assertThat(request.header("X-Prometheus-Remote-Write-Version")).isEqualTo("2.0.0");
    assertThat(request.lines()).isEqualTo(Requests.plain(Requests.floats(5, 1.5, "a")));
  }

  @Test
  void shouldNotNameTheOnlyTenant() {
    deliver("single-tenant", Requests.floats(5, 1, "a"), target(RemoteWriteVersion.V1));

    assertThat(receiver.received().get(0).headers()).doesNotContainKey("X-Scope-OrgID");
  }

  @Test
  void shouldLetConfiguredTenantAndCredentialsStand() {
    RemoteWriteTarget target =
        Targets.of(
            "t",
            receiver.url(),
            RemoteWriteVersion.V1,
            Map.of("x-scope-orgid", "fixed"),
            new Authorization.Basic("me", new Secret.Inline("pass")));

    deliver("acme", Requests.floats(5, 1, "a"), target);

    Received request = receiver.received().get(0);
    assertThat(request.headers().get("X-Scope-OrgID")).containsExactly("fixed");
    assertThat(request.header("Authorization")).isEqualTo("Basic bWU6cGFzcw==");
  }

  @Test
  void shouldNotNameTenantsWhereTheyAreNotToBeNamed() {
    deliver("acme", Requests.floats(5, 1, "a"), target(RemoteWriteVersion.V1).withoutTenantNames());

    assertThat(receiver.received().get(0).headers()).doesNotContainKey("X-Scope-OrgID");
  }

  @Test
  void shouldSkipOnlyTheSampleThatIsRefused() {
    Request request = Requests.floats(5, 1, "a", "b", "bad", "c", "d", "e", "f");
    receiver.answer(r -> r.holds("=bad}") ? Reply.of(400, "invalid metric name") : Reply.ok());

    deliver("acme", request, target(RemoteWriteVersion.V1));

    assertThat(receiver.stored())
        .isEqualTo(Requests.plain(Requests.floats(5, 1, "a", "b", "c", "d", "e", "f")));
    assertThat(refused("invalid")).isEqualTo(1);
    assertThat(registry.get("weir.sender.samples.sent").counter().count()).isEqualTo(6);
  }

  @Test
  void shouldDivideASeriesWhenVersion1RollsBack() {
    Requests.Builder builder = new Requests.Builder();
    builder.series("a").addSamples(Requests.sample(5, 1)).addSamples(Requests.sample(6, 2));
    builder.series("b").addSamples(Requests.sample(5, 3));
    receiver.answer(
        r -> r.holds("@5") && r.holds("=a}") ? Reply.of(500, "too old sample") : Reply.ok());

    deliver("acme", builder.build(), target(RemoteWriteVersion.V1));

    assertThat(receiver.stored()).filteredOn(line -> line.startsWith("sample ")).hasSize(2);
    assertThat(refused("too_old")).isEqualTo(1);
  }

  @Test
  void shouldNotDivideWhenVersion2StoredTheRest() {
    receiver.answer(r -> understood(400, "out of order sample a\nduplicate sample b\n"));

    deliver("acme", Requests.floats(5, 1, "a", "b", "c"), target(RemoteWriteVersion.V2));

    assertThat(receiver.received()).hasSize(1);
    assertThat(refused("out_of_order")).isEqualTo(1);
    assertThat(refused("duplicate")).isEqualTo(1);
    assertThat(registry.get("weir.sender.samples.sent").counter().count()).isEqualTo(1);
  }

  @Test
  void shouldSendOnceMoreAsVersion1WhenVersion2IsNotUnderstood() {
    RemoteWriteTarget target = target(RemoteWriteVersion.V2);

    deliver("acme", Requests.floats(5, 1, "a"), target);

    assertThat(receiver.received()).extracting(Received::isVersion1).containsExactly(false, true);
    assertThat(registry.get("weir.sender.fallbacks").counter().count()).isEqualTo(1);
  }

  @Test
  void shouldTakeARefusalOf2FromAStrangerForNotUnderstood() {
    receiver.answer(r -> r.isVersion1() ? Reply.ok() : Reply.of(400, "cannot unmarshal"));

    deliver("acme", Requests.floats(5, 1, "a", "b"), target(RemoteWriteVersion.V2));

    assertThat(receiver.received()).extracting(Received::isVersion1).containsExactly(false, true);
    assertThat(refused("invalid")).isZero();
  }

  @Test
  void shouldCountAsDeliveredWhatTheTargetMayHaveAlready() {
    sentBefore = true;
    receiver.answer(r -> understood(400, "out of order sample a\ntoo old sample b\n"));

    deliver("acme", Requests.floats(5, 1, "a", "b"), target(RemoteWriteVersion.V2));

    assertThat(registry.get("weir.sender.samples.repeated").counter().count()).isEqualTo(1);
    assertThat(refused("out_of_order")).isZero();
    assertThat(refused("too_old")).isEqualTo(1);
  }

  @Test
  void shouldTakeARefusalAfterALostAnswerForDelivered() {
    List<Reply> replies =
        new ArrayList<>(List.of(Reply.of(502, ""), Reply.of(400, "duplicate sample")));
    receiver.answer(r -> replies.remove(0));

    deliver("acme", Requests.floats(5, 1, "a"), target(RemoteWriteVersion.V1));

    assertThat(registry.get("weir.sender.samples.repeated").counter().count()).isEqualTo(1);
    assertThat(refused("duplicate")).isZero();
  }

  @Test
  void shouldCountWhatIsNotWrittenInSpiteOfAYes() {
    receiver.answer(r -> understood(204, ""));

    deliver("acme", Requests.floats(5, 1, "a", "b", "c"), target(RemoteWriteVersion.V2));

    assertThat(refused("unwritten")).isEqualTo(2);
    assertThat(registry.get("weir.sender.samples.sent").counter().count()).isEqualTo(1);
  }

  @Test
  void shouldReadNoMoreOfALongAnswerThanItNeeds() {
    String line = "out of order sample, and more words about it\n";
    receiver.answer(r -> understood(400, r.samples() > 1 ? line.repeat(3_000) : line));

    deliver("acme", Requests.floats(5, 1, "a", "b"), target(RemoteWriteVersion.V2));

    assertThat(receiver.received()).extracting(Received::samples).containsExactly(2L, 1L, 1L);
    assertThat(refused("out_of_order")).isEqualTo(2);
  }

  @Test
  void shouldSendTheSameAgainUntilItIsTaken() {
    List<Reply> replies =
        new ArrayList<>(
            List.of(
                Reply.of(503, "").with("Retry-After", "3"),
                Reply.of(429, "slow down").with("Retry-After", "7"),
                Reply.of(404, "receiver is off"),
                Reply.ok()));
    receiver.answer(r -> replies.remove(0));

    List<Duration> waits =
        deliver("acme", Requests.floats(5, 1, "a", "b"), target(RemoteWriteVersion.V1));

    assertThat(waits).startsWith(Duration.ofSeconds(3), Duration.ofSeconds(7)).hasSize(3);
    assertThat(receiver.received())
        .extracting(Received::lines)
        .hasSize(4)
        .containsOnly(Requests.plain(Requests.floats(5, 1, "a", "b")));
    assertThat(registry.get("weir.sender.retries").counter().count()).isEqualTo(3);
  }

  @Test
  void shouldTryAgainWhenNobodyListens() {
    receiver.close();
    RecordDelivery delivery =
        delivery("acme", Requests.floats(5, 1, "a"), target(RemoteWriteVersion.V1));

    assertThat(delivery.step()).isPresent();
    assertThat(outcome("retryable")).isEqualTo(1);
  }

  @Test
  void shouldSendARequestThatIsTooLargeInParts() {
    String text = "x".repeat(3 * 1024 * 1024);
    Requests.Builder builder = new Requests.Builder();
    for (int i = 0; i < 4; i++) {
      builder.series("m", "long", text + i).addSamples(Requests.sample(5, i));
    }
    receiver.answer(r -> understood(204, ""));

    deliver("acme", builder.build(), target(RemoteWriteVersion.V2));

    assertThat(receiver.received()).extracting(Received::samples).containsExactly(2L, 2L);
  }

  @Test
  void shouldHaveNothingToSendInARecordWithoutSamples() {
    deliver("acme", Request.newBuilder().addSymbols("").build(), target(RemoteWriteVersion.V1));

    assertThat(receiver.received()).isEmpty();
  }

  private RemoteWriteTarget target(RemoteWriteVersion version) {
    return Targets.of("t", receiver.url(), version);
  }

  private RecordDelivery delivery(String tenant, Request request, RemoteWriteTarget target) {
    SenderMetrics metrics = new SenderMetrics(registry, "t");
    return new RecordDelivery(
        new OutboxRecord(tenant, request, "offset 7 of samples-0"),
        sentBefore,
        new HttpExchange(target, metrics, clock),
        new TargetState(target, metrics, clock),
        new Backoff(new Random(1), RequestLimits.DEFAULT));
  }

  /** Steps to the end without waiting, and returns the waits that were asked for. */
  private List<Duration> deliver(String tenant, Request request, RemoteWriteTarget target) {
    RecordDelivery delivery = delivery(tenant, request, target);
    List<Duration> waits = new ArrayList<>();
    for (Optional<Duration> wait = delivery.step(); wait.isPresent(); wait = delivery.step()) {
      wait.filter(duration -> !duration.isZero()).ifPresent(waits::add);
    }
    return waits;
  }

  private static Reply understood(int status, String body) {
    return Reply.of(status, body).with("X-Prometheus-Remote-Write-Samples-Written", "1");
  }

  private double refused(String reason) {
    return registry.get("weir.sender.samples.refused").tag("reason", reason).counter().count();
  }

  private double outcome(String outcome) {
    return registry.get("weir.sender.requests").tag("outcome", outcome).counter().count();
  }
}
