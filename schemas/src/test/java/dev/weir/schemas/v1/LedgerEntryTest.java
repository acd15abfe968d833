package dev.weir.schemas.v1;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Entries are kept longer than releases: what one wrote every later one reads. */
class LedgerEntryTest {
  @Test
  void shouldKeepTheNumbersOfItsFields() throws IOException {
    assertThat(HexFormat.of().formatHex(entry().toByteArray()))
        .isEqualTo(HexFormat.of().formatHex(golden()));
  }

  @Test
  void shouldReadAnEntryFromBeforeItKnewOfResources() throws IOException {
    LedgerEntry entry = LedgerEntry.parseFrom(golden());

    assertThat(entry).isEqualTo(entry());
    assertThat(entry.getResourcesInvalidUtf8()).isZero();
  }

  private static LedgerEntry entry() {
    return LedgerEntry.newBuilder()
        .setTenant("acme")
        .setSourcePartition(3)
        .setFirstOffset(1_000)
        .setLastOffset(1_009)
        .setRecords(10)
        .setSpansReceived(300)
        .setSpansCounted(298)
        .setSpansLate(7)
        .putSpansDiscarded("invalid_utf8", 2)
        .setServiceGraph(
            ServiceGraph.newBuilder()
                .setHalfEdges(90)
                .setEdgesPaired(40)
                .setEdgesSingle(4)
                .setEdgesVirtual(3)
                .putUnpaired("SPAN_KIND_CLIENT", 1)
                .setEdgesInvalidUtf8(1))
        .setOverridesVersion(5)
        .build();
  }

  private static byte[] golden() throws IOException {
    try (InputStream file = LedgerEntryTest.class.getResourceAsStream("/golden/ledger-entry.hex")) {
      String text = new String(file.readAllBytes(), US_ASCII);
      return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
  }
}
