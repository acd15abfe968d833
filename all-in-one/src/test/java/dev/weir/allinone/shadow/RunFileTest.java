package dev.weir.allinone.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFileTest {
  @TempDir Path directory;

  @Test
  void shouldReadWhatItWrote() throws Exception {
    Stretch stretch =
        new Stretch(new TreeMap<>(Map.of(0, 5L, 1, 0L)), new TreeMap<>(Map.of(0, 9L, 1, 7L)));
    RunFile run = new RunFile("from 1h to now, settings 0a", stretch);
    run.write(directory);
    assertThat(directory.resolve("run.txt"))
        .hasContent("weir-run 1\nfrom 1h to now, settings 0a\n0 5 9\n1 0 7\n");
    assertThat(RunFile.read(directory)).contains(run);
    assertThat(stretch.length()).isEqualTo(11);
    assertThat(stretch.done(new TreeMap<>(Map.of(0, 100L)))).isEqualTo(4);
  }

  @Test
  void shouldBeginAnewWhereThereIsNoneOrOneOfAnotherVersion() throws Exception {
    assertThat(RunFile.read(directory)).isEmpty();
    Files.writeString(directory.resolve("run.txt"), "weir-run 2\nx\n");
    assertThat(RunFile.read(directory)).isEmpty();
  }
}
