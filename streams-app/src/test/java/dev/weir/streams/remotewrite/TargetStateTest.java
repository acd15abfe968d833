package dev.weir.streams.remotewrite;

import static dev.weir.streams.remotewrite.RemoteWriteVersion.V1;
import static dev.weir.streams.remotewrite.RemoteWriteVersion.V2;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TargetStateTest {
  private final TestClock clock = new TestClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final TargetState state =
      new TargetState(
          RemoteWriteTarget.ofUrl(URI.create("http://127.0.0.1:1/")),
          new SenderMetrics(registry, "t"),
          clock);

  @Test
  void shouldBegin2AndKeepTo1OnceItIsNotUnderstood() {
    assertThat(state.version()).isEqualTo(V2);

    state.fallBack("what?");

    assertThat(state.version()).isEqualTo(V1);
    clock.advance(TargetState.ASK_AGAIN.minusMillis(1));
    assertThat(state.version()).isEqualTo(V1);
  }

  @Test
  void shouldAskAgainAfterAWhile() {
    state.fallBack("what?");
    clock.advance(TargetState.ASK_AGAIN);
    assertThat(state.version()).isEqualTo(V2);

    state.fallBack("still not");

    assertThat(state.version()).isEqualTo(V1);
    assertThat(registry.get("weir.sender.fallbacks").counter().count()).isEqualTo(1);
  }

  @Test
  void shouldStayWith2OnceAnUpgradedTargetUnderstandsIt() {
    state.fallBack("what?");
    clock.advance(TargetState.ASK_AGAIN);

    state.understood(V2);

    clock.advance(Duration.ofDays(1));
    assertThat(state.version()).isEqualTo(V2);
    assertThat(state.knows(V2)).isTrue();
  }
}
