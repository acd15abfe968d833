package dev.weir.schemas.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttributeKeysTest {
  @Test
  void shouldFindEachKeyAndNothingElse() {
    List<String> names =
        IntStream.range(0, 300).mapToObj(i -> "k".repeat(i % 40 + 1) + i % 7 + i).toList();
    AttributeKeys keys = new AttributeKeys(names);

    for (int i = 0; i < names.size(); i++) {
      assertThat(index(keys, names.get(i))).isEqualTo(i);
      assertThat(index(keys, names.get(i) + "x")).isEqualTo(-1);
    }
    assertThat(index(keys, "")).isEqualTo(-1);
    assertThat(keys.size()).isEqualTo(300);
  }

  @Test
  void shouldTellApartKeysThatFallIntoTheSameSlot() {
    AttributeKeys keys = new AttributeKeys(List.of("abcd", "bbcd"));

    assertThat(index(keys, "abcd")).isZero();
    assertThat(index(keys, "bbcd")).isEqualTo(1);
    assertThat(index(keys, "cbcd")).isEqualTo(-1);
  }

  @Test
  void shouldFindNothingIfNothingIsWanted() {
    assertThat(index(new AttributeKeys(List.of()), "a")).isEqualTo(-1);
  }

  private static int index(AttributeKeys keys, String key) {
    byte[] bytes = ("<" + key + ">").getBytes(StandardCharsets.UTF_8);
    return keys.indexOf(bytes, 1, bytes.length - 2);
  }
}
