package dev.weir.schemas.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KnownResourcesTest {
  private static final int MAX_BYTES = 200_000;
  private static final int LONGEST = MAX_BYTES - KnownResources.OWN_BYTES;

  private final KnownResources known = new KnownResources(MAX_BYTES);

  @Test
  void shouldKeepNumbersWithinAGeneration() {
    SplittableRandom random = new SplittableRandom(7);
    Map<String, Integer> numbers = new HashMap<>();
    int generation = 0;
    int found = 0;
    for (int i = 0; i < 200_000; i++) {
      String resource = "resource " + "x".repeat(random.nextInt(90)) + random.nextInt(20);
      if (known.generation() != generation) {
        numbers.clear();
        generation = known.generation();
      }
      int number = number(resource);
      if (known.generation() == generation && numbers.containsKey(resource)) {
        assertThat(number).isEqualTo(numbers.get(resource));
        found++;
      } else if (number >= 0) {
        numbers.put(resource, number);
        assertThat(known.bytes(number)).asString(StandardCharsets.UTF_8).isEqualTo(resource);
      }
    }
    assertThat(generation).isPositive();
    assertThat(found).isGreaterThan(10_000);
  }

  @Test
  void shouldTurnAwayWhatThereIsNoRoomFor() {
    assertThat(number("a".repeat(LONGEST))).isZero();
    assertThat(number("b")).isEqualTo(KnownResources.UNKNOWN);
    assertThat(number("a".repeat(LONGEST))).isZero();
  }

  @Test
  void shouldGiveOthersTheirTurnWhenManyWereTurnedAway() {
    number("a".repeat(LONGEST));
    for (int i = 0; i < 8; i++) {
      assertThat(number("b")).isEqualTo(KnownResources.UNKNOWN);
    }
    assertThat(number("b")).isZero();
    assertThat(known.generation()).isEqualTo(1);
    assertThat(number("a")).isEqualTo(1);
  }

  @Test
  void shouldNeverTakeOneThatIsTooLarge() {
    for (int i = 0; i < 20; i++) {
      assertThat(number("a".repeat(LONGEST + 1))).isEqualTo(KnownResources.UNKNOWN);
    }
  }

  private int number(String resource) {
    byte[] padded = ("before" + resource + "behind").getBytes(StandardCharsets.UTF_8);
    int found = known.find(padded, 6, resource.length());
    return found == KnownResources.UNKNOWN ? known.add(padded, 6, resource.length()) : found;
  }
}
