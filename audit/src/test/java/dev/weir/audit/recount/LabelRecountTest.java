package dev.weir.audit.recount;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LabelRecountTest {
  private static final ByteString GOOD = ByteString.copyFromUtf8("good");
  private static final ByteString BAD = ByteString.copyFrom(new byte[] {'b', (byte) 0xFF});

  private final Map<String, ByteString> resource = new HashMap<>();
  private final Map<String, ByteString> span = new HashMap<>();

  @Test
  void shouldLookAtLabelsOnly() {
    resource.put("zone", BAD);
    span.put("tier", BAD);

    assertThat(areText(LabelSettings.plain(0))).isTrue();
    assertThat(areText(settings(List.of("tier"), false, Set.of()))).isFalse();
    assertThat(areText(settings(List.of("zone"), false, Set.of()))).isFalse();
  }

  @Test
  void shouldNotLookAtWhatTheResourceHides() {
    resource.put("zone", GOOD);
    span.put("zone", BAD);

    assertThat(areText(settings(List.of("zone"), false, Set.of()))).isTrue();
  }

  @Test
  void shouldLookAtTheDimensionThatDecides() {
    span.put("a.b", BAD);
    span.put("a_b", GOOD);

    assertThat(areText(settings(List.of("a.b", "a_b"), false, Set.of()))).isTrue();
    assertThat(areText(settings(List.of("a_b", "a.b"), false, Set.of()))).isFalse();
  }

  @Test
  void shouldLookAtJoinedAttributesOfAMapping() {
    LabelSettings.Mapping mapping = LabelSettings.Mapping.parse("x=->:good;bad");
    span.put("good", GOOD);
    LabelSettings settings =
        new LabelSettings(
            Set.of(), List.of(), List.of(mapping), false, true, false, true, false, Set.of(), 0, 0);

    assertThat(areText(settings)).isTrue();
    span.put("bad", BAD);
    assertThat(areText(settings)).isFalse();
  }

  @Test
  void shouldLookBehindAnEmptyAttributeOfTheResourceUnlessItHides() {
    resource.put("zone", ByteString.EMPTY);
    span.put("zone", BAD);

    assertThat(areText(settings(List.of("zone"), false, Set.of()))).isFalse();
    assertThat(
            areText(
                new LabelSettings(
                    Set.of(),
                    List.of("zone"),
                    List.of(),
                    false,
                    true,
                    false,
                    true,
                    true,
                    Set.of(),
                    0,
                    0)))
        .isTrue();
  }

  @Test
  void shouldLookAtTheTargetIfItIsTold() {
    resource.put("service.name", GOOD);
    resource.put("service.namespace", BAD);

    assertThat(areText(settings(List.of(), false, Set.of()))).isTrue();
    assertThat(areText(settings(List.of(), true, Set.of()))).isFalse();
    assertThat(areText(settings(List.of(), true, Set.of("job")))).isTrue();
  }

  @Test
  void shouldCutBeforeItLooks() {
    span.put("zone", ByteString.copyFromUtf8("abc\u20AC").concat(BAD));

    assertThat(areText(cutting(4))).isTrue();
    assertThat(areText(cutting(7))).isTrue();
    assertThat(areText(cutting(8))).isFalse();
  }

  private static LabelSettings cutting(int length) {
    return new LabelSettings(
        Set.of(), List.of("zone"), List.of(), false, true, false, true, false, Set.of(), 0, length);
  }

  private static LabelSettings settings(
      List<String> dimensions, boolean target, Set<String> overwritten) {
    return new LabelSettings(
        Set.of(), dimensions, List.of(), target, true, false, true, false, overwritten, 0, 0);
  }

  private boolean areText(LabelSettings settings) {
    return new LabelRecount(settings).areText(resource, span, GOOD, GOOD);
  }
}
