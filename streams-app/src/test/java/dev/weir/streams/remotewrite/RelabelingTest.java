package dev.weir.streams.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.remotewrite.v2.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelabelingTest {
  @TempDir Path directory;

  /** What Prometheus does with a=foo, b=bar, c=baz. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {source_labels: [a], regex: 'f(.*)', target_label: d, replacement: 'ch${1}-ch${1}'}   | {a=foo, b=bar, c=baz, d=choo-choo}
          {source_labels: [a, b], regex: 'f(.*);(.*)r', target_label: a, replacement: 'b${1}${2}m'} | {a=boobam, b=bar, c=baz}
          {source_labels: [a], regex: 'f', target_label: d, replacement: x}                     | {a=foo, b=bar, c=baz}
          {source_labels: [a], target_label: d}                                                 | {a=foo, b=bar, c=baz, d=foo}
          {source_labels: [a], target_label: d, replacement: '$1x'}                             | {a=foo, b=bar, c=baz}
          {source_labels: [a], target_label: d, replacement: '$$1'}                             | {a=foo, b=bar, c=baz, d=$1}
          {source_labels: [a], target_label: d, replacement: '$ ${'}                            | {a=foo, b=bar, c=baz, d=$ ${}
          {source_labels: [a], regex: '(?P<rest>f.*)', target_label: '${rest}_x', replacement: '$rest'} | {a=foo, b=bar, c=baz, foo_x=foo}
          {target_label: b, replacement: ''}                                                    | {a=foo, c=baz}
          {source_labels: [none], regex: 'x?', target_label: d, replacement: empty}             | {a=foo, b=bar, c=baz, d=empty}
          {source_labels: [a], regex: 'foo', action: drop}                                      | dropped
          {source_labels: [a], regex: 'fo', action: drop}                                       | {a=foo, b=bar, c=baz}
          {source_labels: [a], regex: 'o', action: keep}                                        | dropped
          {source_labels: [a, b], separator: '-', regex: 'foo-b.*', action: Keep}               | {a=foo, b=bar, c=baz}
          {source_labels: [c], target_label: d, action: hashmod, modulus: 1000}                 | {a=foo, b=bar, c=baz, d=976}
          {regex: '([ab])', replacement: 'x_${1}', action: labelmap}                             | {a=foo, b=bar, c=baz, x_a=foo, x_b=bar}
          {regex: '[ab].*', action: labeldrop}                                                   | {c=baz}
          {regex: '[ab].*', action: labelkeep}                                                   | {a=foo, b=bar}
          {regex: 'none', action: labelkeep}                                                    | dropped
          {source_labels: [a], target_label: b, action: uppercase}                              | {a=foo, b=FOO, c=baz}
          {source_labels: [a], target_label: b, action: keepequal}                              | dropped
          {source_labels: [a], target_label: b, action: dropequal}                              | {a=foo, b=bar, c=baz}
          """)
  void shouldDoWhatPrometheusDoes(String rule, String expected) throws Exception {
    TreeMap<String, String> labels = new TreeMap<>();
    labels.put("a", "foo");
    labels.put("b", "bar");
    labels.put("c", "baz");

    boolean kept = relabeling(rule).rules().get(0).apply(labels) && !labels.isEmpty();

    assertThat(kept ? labels.toString() : "dropped").isEqualTo(expected);
  }

  @Test
  void shouldChangeNothingButLabels() throws Exception {
    Request request = Requests.random(new Random(1), 30);

    Request relabeled =
        relabeling("{target_label: source, replacement: weir}").apply(request).request();

    assertThat(Requests.plain(relabeled).stream().map(l -> l.replace(", source=weir}", "}")))
        .isEqualTo(Requests.plain(request));
    assertThat(Requests.plain(relabeled)).anyMatch(line -> line.contains("source=weir"));
    assertThat(relabeled.getTimeseriesList())
        .extracting(series -> series.getMetadata().getType())
        .isEqualTo(
            request.getTimeseriesList().stream().map(s -> s.getMetadata().getType()).toList());
  }

  @Test
  void shouldKeepOnlyTheFirstOfSeriesThatBecomeEqual() throws Exception {
    Requests.Builder builder = new Requests.Builder();
    builder.series("m", "pod", "1").addSamples(Requests.sample(5, 1));
    builder.series("m", "pod", "2").addSamples(Requests.sample(5, 2));
    builder.series("n", "pod", "2").addSamples(Requests.sample(5, 3));

    Relabeling.Outcome outcome =
        relabeling("{regex: pod, action: labeldrop}").apply(builder.build());

    assertThat(Requests.plain(outcome.request()))
        .isEqualTo(
            List.of(
                "series {__name__=m}",
                "sample 3ff0000000000000@5",
                "series {__name__=n}",
                "sample 4008000000000000@5"));
    assertThat(outcome.ambiguous()).isEqualTo(1);
    assertThat(outcome.example()).isEqualTo("{__name__=m}");
  }

  @Test
  void shouldCountWhatIsDropped() throws Exception {
    Relabeling.Outcome outcome =
        relabeling("{source_labels: [__name__], regex: a, action: drop}")
            .apply(Requests.floats(5, 1, "a", "b"));

    assertThat(outcome.dropped()).isEqualTo(1);
    assertThat(outcome.request().getSymbolsList()).doesNotContain("a");
  }

  @Test
  void shouldLeaveARequestAloneWithoutRules() {
    Request request = Requests.floats(5, 1, "a");

    assertThat(Relabeling.NONE.apply(request).request()).isSameAs(request);
  }

  private Relabeling relabeling(String rule) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("targets.yaml"),
            "remote_write: [{url: 'http://a/', write_relabel_configs: [" + rule + "]}]");
    return RemoteWriteTargets.read(file).get(0).relabeling();
  }
}
