package dev.weir.streams.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * Each file below {@code src/test/resources/golden} is a case; the README there describes their
 * form. {@code -Dweir.golden.write=true} writes what comes out into the files, to be read before it
 * is committed.
 */
class GoldenSuiteTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden");
  private static final boolean WRITES = Boolean.getBoolean("weir.golden.write");
  private static final String EXPECTED = "\nexpected:";

  @TestFactory
  List<DynamicContainer> shouldGiveTheSamplesOfTheFile() throws IOException {
    List<DynamicContainer> cases = new ArrayList<>();
    for (Path file : files()) {
      if (WRITES) {
        write(file, GoldenRun.of(GoldenCase.read(file), false).samples());
      }
      GoldenCase golden = GoldenCase.read(file);
      List<DynamicTest> runs = new ArrayList<>();
      runs.add(run("with one commit", file, () -> assertSame(golden, false)));
      runs.add(run("with a commit after each record", file, () -> assertSame(golden, true)));
      if (golden.reversible()) {
        runs.add(run("in reverse order", file, () -> assertSame(golden.reversed(), false)));
      }
      cases.add(
          DynamicContainer.dynamicContainer(
              FOLDER.relativize(file).toString(), file.toUri(), runs.stream()));
    }
    return cases;
  }

  private static DynamicTest run(String name, Path file, Executable executable) {
    return DynamicTest.dynamicTest(FOLDER.relativize(file) + " " + name, file.toUri(), executable);
  }

  @Test
  void shouldMapEveryCaseInTheReadmeOrThePageOfDifferences() throws IOException {
    String readme = Files.readString(FOLDER.resolve("README.md"));
    String differences = Files.readString(Path.of("../docs/tempo-differences.md"));

    assertThat(files())
        .extracting(file -> FOLDER.relativize(file).toString())
        .allSatisfy(
            name ->
                assertThat(
                        readme.contains("(" + name + ")")
                            || differences.contains("/golden/" + name + ")"))
                    .isTrue());
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(FOLDER)) {
      return all.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  private static void assertSame(GoldenCase golden, boolean commitsAfterEachRecord)
      throws IOException {
    GoldenRun.Outcome outcome = GoldenRun.of(golden, commitsAfterEachRecord);
    assertThat(lines(outcome.samples()))
        .as("%s", golden.file())
        .isEqualTo(lines(golden.expected()));
    if (!golden.books().isEmpty()) {
      assertThat(outcome.books()).as("books of %s", golden.file()).isEqualTo(golden.books());
    }
    assertThat(lines(outcome.meters()))
        .as("meters of %s", golden.file())
        .isEqualTo(lines(golden.meters()));
  }

  private static String lines(Map<String, String> samples) {
    return samples.entrySet().stream()
        .map(sample -> sample.getKey() + ' ' + sample.getValue())
        .collect(Collectors.joining("\n"));
  }

  private static void write(Path file, Map<String, String> samples) throws IOException {
    Map<Long, StringBuilder> byTime = new TreeMap<>();
    samples.forEach(
        (sample, value) -> {
          int space = sample.indexOf(' ');
          byTime
              .computeIfAbsent(
                  Times.unixMillis(sample.substring(0, space)), at -> new StringBuilder())
              .append("    %s %s%n".formatted(sample.substring(space + 1), value));
        });
    StringBuilder expected = new StringBuilder(EXPECTED);
    byTime.forEach(
        (at, lines) ->
            expected
                .append("\n  %s: |\n".formatted(Times.text(at)))
                .append(lines.toString().stripTrailing()));
    String text = Files.readString(file);
    String kept =
        text.contains(EXPECTED) ? text.substring(0, text.indexOf(EXPECTED)) : text.stripTrailing();
    Files.writeString(file, kept + (byTime.isEmpty() ? EXPECTED + " {}" : expected) + "\n");
  }
}
