package dev.weir.allinone.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.schemas.layout.CorruptLayoutException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotDirectoryTest {
  private static final Snapshot SNAPSHOT =
      new Snapshot(
          "weir.spans",
          15_000,
          8,
          1_769_860_800_000L,
          new TreeMap<>(Map.of(0, 12L, 1, 7L)),
          new TreeMap<>(Map.of("series", 8, "partition-state", 2)));

  @TempDir Path temporary;
  private Path path;
  private SnapshotDirectory directory;

  @BeforeEach
  void write() {
    path = temporary.resolve("monday");
    directory = new SnapshotDirectory(path);
    directory.clear();
    SortedMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
    entries.put(new byte[] {(byte) 0x80}, new byte[200]);
    entries.put(new byte[] {1, 2}, new byte[] {3});
    directory.write("series", 3, entries);
    directory.finish(SNAPSHOT);
  }

  @Test
  void shouldReadWhatItWrote() {
    assertThat(directory.exists()).isTrue();
    assertThat(directory.describe()).isEqualTo(SNAPSHOT);
    assertThat(entries()).isEqualTo("0102=1 80=200 ");
  }

  @Test
  void shouldKeepItsLayout() throws Exception {
    assertThat(path.resolve("snapshot.txt")).hasBinaryContent(golden("snapshot-v1.txt"));
    assertThat(path.resolve("series-3.state")).hasBinaryContent(state("state-file-v1.hex"));
  }

  @Test
  void shouldReadWhatAnEarlierReleaseWrote() throws Exception {
    Files.write(path.resolve("snapshot.txt"), golden("snapshot-v1.txt"));
    Files.write(path.resolve("series-3.state"), state("state-file-v1.hex"));

    assertThat(directory.describe()).isEqualTo(SNAPSHOT);
    assertThat(entries()).isEqualTo("0102=1 80=200 ");
  }

  private static byte[] state(String name) throws IOException {
    return HexFormat.of()
        .parseHex(new String(golden(name), StandardCharsets.US_ASCII).replaceAll("\\s", ""));
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream file = SnapshotDirectoryTest.class.getResourceAsStream("/golden/" + name)) {
      return file.readAllBytes();
    }
  }

  @Test
  void shouldNotBeOneUntilItIsWhole() throws Exception {
    Files.delete(path.resolve("snapshot.txt"));
    assertThat(directory.exists()).isFalse();
  }

  @Test
  void shouldRefuseWhatIsCutDamagedOrOfAnotherVersion() throws Exception {
    Path file = path.resolve("series-3.state");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, 40));
    assertThatThrownBy(this::entries)
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessageContaining("cut short");
    whole[30]++;
    Files.write(file, whole);
    assertThatThrownBy(this::entries)
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessageContaining("checksum");
    whole[4] = 2;
    Files.write(file, whole);
    assertThatThrownBy(this::entries)
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessageContaining("version 2; this program reads version 1");
    Files.writeString(path.resolve("snapshot.txt"), "weir-snapshot 2\n");
    assertThatThrownBy(directory::describe).isInstanceOf(CorruptLayoutException.class);
    Files.writeString(path.resolve("snapshot.txt"), "weir-snapshot 1\nshards many\n");
    assertThatThrownBy(directory::describe).isInstanceOf(CorruptLayoutException.class);
  }

  private String entries() {
    StringBuilder seen = new StringBuilder();
    directory.read(
        "series",
        3,
        (key, value) ->
            seen.append(HexFormat.of().formatHex(key))
                .append('=')
                .append(value.length)
                .append(' '));
    return seen.toString();
  }
}
