package dev.weir.streams.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.remotewrite.v2.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPartsTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldKeepEverythingInOrderWhenDividedToTheSample(long seed) {
    Request whole = Requests.random(new Random(seed), 30);

    List<Request> parts = dividedToTheSample(whole);

    assertThat(parts).allMatch(part -> RequestParts.sampleCount(part) == 1);
    for (String kind : List.of("sample", "exemplar", "histogram")) {
      assertThat(lines(kind, parts)).isEqualTo(lines(kind, List.of(whole)));
    }
    // a series is named with each of its samples
    assertThat(lines("series", parts).stream().distinct().toList())
        .isEqualTo(lines("series", List.of(whole)));
  }

  @Test
  void shouldLeaveNoSymbolThatAPartDoesNotUse() {
    Request whole = Requests.floats(1, 1, "a", "b", "c");

    Request half = RequestParts.halves(whole).get(0);

    assertThat(half.getSymbolsList()).containsExactly("", "__name__", "a");
  }

  @Test
  void shouldFindNewestTimestamp() {
    Requests.Builder builder = new Requests.Builder();
    builder.series("a").addSamples(Requests.sample(3, 1)).addSamples(Requests.sample(9, 1));
    builder.series("b").addSamples(Requests.sample(5, 1));

    assertThat(RequestParts.newestTimestamp(builder.build())).isEqualTo(9);
  }

  private static List<Request> dividedToTheSample(Request request) {
    if (!RequestParts.isDivisible(request)) {
      return List.of(request);
    }
    List<Request> parts = new ArrayList<>();
    RequestParts.halves(request).forEach(half -> parts.addAll(dividedToTheSample(half)));
    return parts;
  }

  private static List<String> lines(String kind, List<Request> parts) {
    return parts.stream()
        .flatMap(part -> Requests.plain(part).stream())
        .filter(line -> line.startsWith(kind + " "))
        .toList();
  }
}
