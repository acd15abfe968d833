package dev.weir.streams.series;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.layout.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LabelPairsTest {
  private final LabelPairs pairs = new LabelPairs();

  @Test
  void shouldGiveBackEveryLabelSet() {
    Random random = new Random(7);
    List<byte[]> labelSets = new ArrayList<>();
    List<byte[]> numbers = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      ByteWriter labels = labels(random);
      labelSets.add(labels.toByteArray());
      numbers.add(numbers(labels));
    }

    for (int i = 0; i < labelSets.size(); i++) {
      ByteWriter labels = new ByteWriter(1);
      pairs.read(numbers.get(i), 0, numbers.get(i).length, labels);
      assertThat(labels.toByteArray()).isEqualTo(labelSets.get(i));
    }
  }

  @Test
  void shouldKeepAPairOnce() {
    ByteWriter labels = pair(pair(new ByteWriter(1), "a", "x"), "b", "x");
    numbers(labels);
    int bytes = pairs.bytes();

    assertThat(numbers(labels)).containsExactly(0, 1);
    assertThat(numbers(pair(new ByteWriter(1), "b", "x"))).containsExactly(1);
    assertThat(pairs.bytes()).isEqualTo(bytes).isEqualTo(labels.length());
  }

  @Test
  void shouldTellNamesFromValues() {
    assertThat(numbers(pair(new ByteWriter(1), "ab", "c")))
        .isNotEqualTo(numbers(pair(new ByteWriter(1), "a", "bc")));
  }

  @Test
  void shouldBeginAnewWhenCleared() {
    numbers(pair(new ByteWriter(1), "a", "x"));

    pairs.clear();

    assertThat(pairs.bytes()).isZero();
    assertThat(numbers(pair(new ByteWriter(1), "b", "y"))).containsExactly(0);
  }

  private byte[] numbers(ByteWriter labels) {
    ByteWriter numbers = new ByteWriter(1);
    pairs.write(labels, numbers);
    return numbers.toByteArray();
  }

  /** Up to 8 labels; values of the first names are few, of the last ones many. */
  private static ByteWriter labels(Random random) {
    ByteWriter labels = new ByteWriter(16);
    for (int name = 0; name < 8; name++) {
      if (random.nextBoolean()) {
        pair(labels, "name" + name, "value" + random.nextInt(1 << (2 * name)));
      }
    }
    return labels;
  }

  private static ByteWriter pair(ByteWriter labels, String name, String value) {
    return labels.prefixed(name.getBytes(UTF_8)).prefixed(value.getBytes(UTF_8));
  }
}
