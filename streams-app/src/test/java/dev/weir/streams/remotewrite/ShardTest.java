package dev.weir.streams.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShardTest {
  private final ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(4);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final TargetState state =
      new TargetState(
          RemoteWriteTarget.ofUrl(URI.create("http://127.0.0.1:1/")),
          new SenderMetrics(registry, "t"),
          Clock.systemUTC());

  /** Requests under way, each waiting for its verdict. */
  private final LinkedBlockingQueue<String> underWay = new LinkedBlockingQueue<>();

  private final SynchronousQueue<Verdict> verdicts = new SynchronousQueue<>();
  private final Shard shard =
      new Shard(
          Timer.of(pool),
          new Lanes(
              true,
              kafkaRecord -> Optional.of(OutboxRecord.tenantOf(kafkaRecord)),
              () -> new Backoff(new Random(1), RequestLimits.DEFAULT)),
          this::delivery,
          state);

  @AfterEach
  void stop() {
    pool.shutdownNow();
  }

  @Test
  void shouldStartNothingWhileARequestIsUnderWay() throws Exception {
    shard.add(List.of(recordAt(0)));
    assertThat(underWay.take()).isEqualTo("0");

    shard.add(List.of(recordAt(1)));

    assertThat(pool.getTaskCount()).isEqualTo(1);
    assertThat(shard.delivered()).isEmpty();
    verdicts.put(new Verdict.Accepted(1));
    assertThat(underWay.take()).isEqualTo("1");
    assertThat(shard.delivered()).hasValue(1);
  }

  @Test
  void shouldWaitForTheRequestUnderWayWhenAbandoned() throws Exception {
    shard.add(List.of(recordAt(0), recordAt(1)));
    underWay.take();

    CompletableFuture<Void> idle = shard.abandon();

    assertThat(idle).isNotDone();
    verdicts.put(new Verdict.Accepted(1));
    assertThat(idle).succeedsWithin(Duration.ofSeconds(30));
    assertThat(shard.delivered()).hasValue(1);
    assertThat(shard.queued()).isEqualTo(1);
    assertThat(underWay).isEmpty();
  }

  @Test
  void shouldHoldNoThreadWhileItBacksOff() throws Exception {
    pool.setCorePoolSize(1);
    shard.add(List.of(recordAt(0)));
    underWay.take();
    verdicts.put(new Verdict.Retryable(Duration.ofHours(1), "later"));

    assertThat(pool.submit(() -> "free")).succeedsWithin(Duration.ofSeconds(30));
    assertThat(shard.abandon()).isDone();
    assertThat(shard.delivered()).isEmpty();
  }

  private Optional<RecordDelivery> delivery(
      ConsumerRecord<byte[], byte[]> kafkaRecord, Backoff backoff) {
    String offset = Long.toString(kafkaRecord.offset());
    return Optional.of(
        new RecordDelivery(
            new OutboxRecord("acme", Requests.floats(1, 1, "a"), "here"),
            false,
            exchange(offset),
            state,
            backoff));
  }

  private Exchange exchange(String offset) {
    return (tenant, version, body) -> {
      underWay.add(offset);
      try {
        return verdicts.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Verdict.Retryable(Duration.ZERO, "interrupted");
      }
    };
  }

  private static ConsumerRecord<byte[], byte[]> recordAt(long offset) {
    return new ConsumerRecord<>("samples", 0, offset, new byte[0], new byte[0]);
  }
}
