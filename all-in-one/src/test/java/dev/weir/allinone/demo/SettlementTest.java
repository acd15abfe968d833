package dev.weir.allinone.demo;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.allinone.receiver.Labels;
import dev.weir.allinone.receiver.ReceivedSample;
import dev.weir.allinone.receiver.SeriesStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** On a clock whose deadline is over, so that what is not there at once is an error. */
class SettlementTest {
  private static final Labels CALLS = new Labels(Map.of("__name__", "calls_total"));
  private static final long LAST_RECORD = 100_000;

  private final FixedPipeline pipeline = new FixedPipeline();

  @Test
  void shouldAskForTheGraphsWaitAndOneWindowMore() {
    pipeline.completeThrough = 115_000;
    assertThatCode(this::await).doesNotThrowAnyException();

    pipeline.completeThrough = 114_999;
    assertThatThrownBy(this::await)
        .isInstanceOf(NotFinalException.class)
        .hasMessageContaining("1970-01-01T00:01:54.999Z, not 1970-01-01T00:01:55Z");
  }

  @Test
  void shouldAskTheReceiverForWhatTheOutboxHas() {
    pipeline.completeThrough = 115_000;
    pipeline.outbox.put(CALLS, 115_000L);
    pipeline.received.accept(List.of(new ReceivedSample(CALLS, 1, 110_000)));
    assertThatThrownBy(this::await).hasMessageContaining("latest samples of 1 of 1 series");

    pipeline.received.accept(List.of(new ReceivedSample(CALLS, 1, 115_000)));
    assertThatCode(this::await).doesNotThrowAnyException();
  }

  private void await() throws NotFinalException, InterruptedException {
    new Settlement(pipeline, Duration.ofSeconds(1), () -> Instant.MAX, new CountDownLatch(1))
        .await(LAST_RECORD);
  }

  private static final class FixedPipeline implements Pipeline {
    private final SeriesStore received = new SeriesStore();
    private final Map<Labels, Long> outbox = new HashMap<>();
    private long completeThrough;

    @Override
    public String otlpGrpcUrl() {
      return "";
    }

    @Override
    public String httpUrl() {
      return "";
    }

    @Override
    public OptionalLong completeThrough() {
      return OptionalLong.of(completeThrough);
    }

    @Override
    public SeriesStore received() {
      return received;
    }

    @Override
    public Outbox outbox() {
      return since -> outbox;
    }

    @Override
    public Duration window() {
      return Duration.ofSeconds(5);
    }

    @Override
    public Duration graphWait() {
      return Duration.ofSeconds(10);
    }

    @Override
    public boolean hasHistory() {
      return false;
    }

    @Override
    public Path logFile() {
      return Path.of("weir.log");
    }
  }
}
