package dev.weir.schemas.delta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeltaBatchTest {
  private static final byte[] LABELS = {7, 's', 'e', 'r', 'v', 'i', 'c', 'e', 1, 'a'};

  @Test
  void shouldReadBackWhatItWrote() {
    DeltaBatchReader reader = new DeltaBatchReader(batch());

    assertThat(reader.sourcePartition()).isEqualTo(3);
    assertThat(reader.sourcePartitions()).isEqualTo(8);
    assertThat(reader.openFrom()).isEqualTo(113_333_336);
    assertThat(readLabelSets(reader))
        .containsExactly(
            "113333334 acme SPAN_METRICS service=a [2, 300]",
            "113333334 acme SERVICE_GRAPH service=a [1, 0]",
            "113333335 acme SPAN_METRICS service=a [1, 0]",
            "113333335 zeta SPAN_METRICS  [18446744073709551616, 0]");
  }

  @Test
  void shouldKeepTheLayoutOfVersion1() throws IOException {
    byte[] golden = golden("delta-batch-v1.hex");

    assertThat(HexFormat.of().formatHex(batch())).isEqualTo(HexFormat.of().formatHex(golden));
    assertThat(readLabelSets(new DeltaBatchReader(golden))).hasSize(4);
  }

  @Test
  void shouldRefuseAVersionThatItDoesNotKnow() {
    byte[] batch = batch();
    batch[0] = 9;

    assertThatThrownBy(() -> new DeltaBatchReader(batch))
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessage("delta batch of version 9; this program reads version 1");
  }

  @Test
  void shouldRefuseFlagsThatItDoesNotKnow() {
    DeltaBatchWriter writer = new DeltaBatchWriter();
    writer.labelSet(1, new byte[] {'t'}, MetricGroup.SPAN_METRICS, 128, LABELS, 0, 0);
    DeltaBatchReader reader = new DeltaBatchReader(writer.finish(0, 1, 0));

    assertThatThrownBy(reader::next)
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessage("flags 128 of a label set, before byte 11");
  }

  @Test
  void shouldRefuseABatchThatIsCutAnywhereWithinALabelSet() {
    DeltaBatchWriter writer = new DeltaBatchWriter();
    write(writer, 1, "t", MetricGroup.SPAN_METRICS, LABELS, 0, 500, 500);
    byte[] batch = writer.finish(0, 1, 2);
    int withinLabelSet = 9;
    for (int length = withinLabelSet; length < batch.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(batch, length);

      assertThatThrownBy(() -> readLabelSets(new DeltaBatchReader(cut)))
          .isInstanceOf(CorruptLayoutException.class);
    }
  }

  private static byte[] batch() {
    DeltaBatchWriter writer = new DeltaBatchWriter();
    write(writer, 113_333_334, "acme", MetricGroup.SPAN_METRICS, LABELS, 0, 2, 300);
    write(writer, 113_333_334, "acme", MetricGroup.SERVICE_GRAPH, LABELS, 0, 1, 0);
    write(writer, 113_333_335, "acme", MetricGroup.SPAN_METRICS, LABELS, 0, 1, 0);
    write(writer, 113_333_335, "zeta", MetricGroup.SPAN_METRICS, new byte[0], 1, 0, 0);
    return writer.finish(3, 8, 113_333_336);
  }

  private static void write(
      DeltaBatchWriter writer,
      long window,
      String tenant,
      MetricGroup group,
      byte[] labels,
      long high,
      long count,
      long size) {
    Tally tally = new Tally(2);
    tally.amounts().add(0, high, count);
    tally.amounts().add(1, 0, size);
    ByteWriter to =
        writer.labelSet(
            window, tenant.getBytes(UTF_8), group, tally.flags(), labels, 0, labels.length);
    tally.write(to);
  }

  private static List<String> readLabelSets(DeltaBatchReader reader) {
    List<String> labelSets = new ArrayList<>();
    while (reader.next()) {
      Tally tally = new Tally(2);
      reader.addTo(tally);
      labelSets.add(
          "%d %s %s %s [%d, %d]"
              .formatted(
                  reader.window(),
                  new String(reader.tenant(), UTF_8),
                  reader.group(),
                  labels(reader),
                  tally.amounts().exact(0),
                  tally.amounts().exact(1)));
    }
    return labelSets;
  }

  private static String labels(DeltaBatchReader reader) {
    String text = new String(reader.buffer(), reader.labelsOffset(), reader.labelsLength(), UTF_8);
    return text.replace("\u0007", "").replace('\u0001', '=');
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream file = DeltaBatchTest.class.getResourceAsStream("/golden/" + name)) {
      return HexFormat.of().parseHex(new String(file.readAllBytes(), UTF_8).replaceAll("\\s", ""));
    }
  }
}
