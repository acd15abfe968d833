package dev.weir.allinone.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.allinone.replay.OutboxComparison.Part;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxComparisonTest {
  private static final byte[] TENANT = {'t'};
  private static final Part ALL = new Part(0, 0, Long.MAX_VALUE);

  @Test
  void shouldFindEqualWhatIsEqualAndNotMindAReplayThatIsFurther() {
    assertThat(compare(outbox(1, 2), outbox(1, 2, 3), ALL))
        .isEqualTo(new OutboxComparison(2, 0, List.of()));
  }

  @Test
  void shouldMissWhatDidNotComeOutAgain() {
    OutboxComparison comparison = compare(outbox(1, 2, 3), outbox(1), ALL);
    assertThat(comparison.isEqual()).isFalse();
    assertThat(comparison.missing()).isEqualTo(2);
  }

  @Test
  void shouldNameTheFirstRecordThatDiffers() {
    OutboxPrint other = outbox(1);
    other.record(0, "t", TENANT, Requests.counter("calls", "b", 2000, 9).toByteArray());
    assertThat(compare(outbox(1, 2), other, ALL).differences())
        .containsExactly(
            "shard 0: record 1 of 2 differs, in the window that ends at 1970-01-01T00:00:02Z");
  }

  @Test
  void shouldCompareOnlyTheWindowsThatBothMustHave() {
    Part part = new Part(0, 1000, 3000);
    assertThat(compare(outbox(1, 2, 3, 4), outbox(2, 3), part))
        .isEqualTo(new OutboxComparison(2, 0, List.of()));
  }

  @Test
  void shouldTakeWhatIsNoRequestForAPartOfTheWindowBefore() {
    OutboxPrint live = outbox(1);
    live.record(0, "t", TENANT, new byte[] {1, 2, 3});
    live.record(0, "t", TENANT, new byte[0]);
    assertThat(compare(live, outbox(1), new Part(0, 0, 1000)).missing()).isEqualTo(2);
  }

  private static OutboxComparison compare(OutboxPrint live, OutboxPrint replay, Part part) {
    return OutboxComparison.of(live, replay, List.of(part));
  }

  private static OutboxPrint outbox(long... windowEnds) {
    OutboxPrint print = new OutboxPrint();
    for (long end : windowEnds) {
      byte[] request = Requests.counter("calls", "a", 1000 * end, (double) end).toByteArray();
      print.record(0, "t", TENANT, request);
    }
    return print;
  }
}
