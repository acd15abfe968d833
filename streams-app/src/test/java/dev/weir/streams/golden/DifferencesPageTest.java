package dev.weir.streams.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/tempo-differences.md says is there. */
class DifferencesPageTest {
  private static final Path REPOSITORY = Path.of("..");
  private static final Path PAGE = REPOSITORY.resolve("docs/tempo-differences.md");
  private static final int WEAKNESSES = 42;

  private final String page = read(PAGE);

  @Test
  void shouldLinkToWhatIsThere() {
    assertThat(found("\\]\\(([^)#]+)\\)"))
        .isNotEmpty()
        .allSatisfy(link -> assertThat(PAGE.resolveSibling(link)).exists());
  }

  @Test
  void shouldNameTestsThatAreThere() throws IOException {
    try (Stream<Path> files = Files.walk(REPOSITORY, 12)) {
      Set<String> tests =
          files
              .filter(file -> file.toString().matches(".*/src/test/java/.*(Test|IT)\\.java"))
              .map(file -> file.getFileName().toString().replace(".java", ""))
              .collect(Collectors.toSet());

      assertThat(tests).containsAll(found("`(\\w+(?:Test|IT))`"));
    }
  }

  @Test
  void shouldNameSettingsThatAreThere() {
    String reference = read(REPOSITORY.resolve("docs/reference/configuration.md"));

    assertThat(found("`((?:compatibility|service\\.graph|span\\.metrics|spans)\\.[a-z.]+)"))
        .isNotEmpty()
        .allSatisfy(key -> assertThat(reference).contains("| `" + key + "` |"));
  }

  @Test
  void shouldNameMetricsOfItselfThatAreThere() {
    String reference = read(REPOSITORY.resolve("docs/reference/metrics.md"));

    assertThat(found("`(weir_[a-z_]+)"))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(reference).contains("| `" + name + "` |"));
  }

  @Test
  void shouldHaveARowForEachWeakness() {
    assertThat(found("\\| (W\\d+) \\|"))
        .containsAll(IntStream.rangeClosed(1, WEAKNESSES).mapToObj(i -> "W" + i).toList());
  }

  @Test
  void shouldSayOfEachCaseThatIsAsTempoWhatIsNot() throws IOException {
    try (Stream<Path> cases = Files.walk(Path.of("src/test/resources/golden"))) {
      assertThat(cases.filter(file -> file.toString().endsWith("-as-tempo.yaml")))
          .isNotEmpty()
          .allSatisfy(file -> assertThat(page).contains("/" + file.getFileName() + ")"));
    }
  }

  private Set<String> found(String pattern) {
    return Pattern.compile(pattern)
        .matcher(page)
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(Collectors.toSet());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
