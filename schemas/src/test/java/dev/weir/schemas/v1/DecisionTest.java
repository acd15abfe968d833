package dev.weir.schemas.v1;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** A replay makes the decisions of earlier releases again, so each later one reads them. */
class DecisionTest {
  @Test
  void shouldReadAndKeepHowAPartitionIsComplete() throws IOException {
    Decision decision =
        Decision.newBuilder()
            .setCompleteThrough(
                CompleteThrough.newBuilder()
                    .setTopic("weir.spans")
                    .setPartition(3)
                    .setEndOffset(1_000)
                    .setCompleteThroughUnixMillis(1_769_860_800_000L))
            .build();

    assertThat(Decision.parseFrom(golden("decision-complete-through.hex"))).isEqualTo(decision);
    assertThat(decision.toByteArray()).isEqualTo(golden("decision-complete-through.hex"));
  }

  @Test
  void shouldReadAndKeepHowAPartitionIsGivenUp() throws IOException {
    Decision decision =
        Decision.newBuilder()
            .setGivenUp(
                GivenUp.newBuilder()
                    .setTopic("weir.spans")
                    .setPartition(3)
                    .setBeforeOffset(1_000)
                    .setOpenFromUnixMillis(1_769_860_800_000L))
            .build();

    assertThat(Decision.parseFrom(golden("decision-given-up.hex"))).isEqualTo(decision);
    assertThat(decision.toByteArray()).isEqualTo(golden("decision-given-up.hex"));
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream file = DecisionTest.class.getResourceAsStream("/golden/" + name)) {
      String text = new String(file.readAllBytes(), US_ASCII);
      return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
  }
}
