package dev.weir.streams.rewrite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Tasks and the learner together, over a log of observations, with crashes of both. */
class RewriteSimulationTest {
  private static final int SEEDS = 300;
  private static final int WINDOWS = 12;
  private static final int WINDOWS_AHEAD = 2;
  private static final int MAX_VALUES = 5;
  private static final RewriteSettings SETTINGS =
      new RewriteSettings(SpanNameMode.ENABLED, MAX_VALUES);
  private static final List<String> PATTERNS =
      List.of("GET /users/<_>", "GET /users/<_>/cart", "q <_>");

  private final RewriteHistory history = new RewriteHistory();
  private final List<byte[]> log = new ArrayList<>();
  private final Map<Long, Set<String>> spanNames = new TreeMap<>();
  private final Map<Long, Set<String>> zones = new TreeMap<>();
  private SplittableRandom random = new SplittableRandom(0);
  private RewriteLearner learner = new RewriteLearner(LabelRewrites.NONE);
  private int learned;
  private long number;

  private final class Task {
    private final LabelObservations observations = new LabelObservations();
    private final Set<String> known = new HashSet<>();

    void window(long window) {
      SplittableRandom spans = random.split();
      if (random.nextInt(4) == 0) {
        read(window, spans.split()); // in vain: it crashes before the commit
        observations.take();
        known.clear();
      }
      read(window, spans);
      if (!observations.isEmpty()) {
        log.add(observations.take());
      }
    }

    private void read(long window, SplittableRandom spans) {
      LabelRewriter rewriter = new LabelRewriter(SETTINGS, history.at(window), observations);
      for (int i = 0; i < 10; i++) {
        int number = spans.nextInt(1_000);
        String name =
            PATTERNS.get(spans.nextInt(PATTERNS.size())).replace("<_>", Integer.toString(number));
        label(rewriter, "span_name", name, spanNames.computeIfAbsent(window, w -> new TreeSet<>()));
        label(
            rewriter,
            "zone",
            "zone" + spans.nextInt(20),
            zones.computeIfAbsent(window, w -> new TreeSet<>()));
      }
    }

    /** A label set that is known is not made again. */
    private void label(LabelRewriter rewriter, String label, String value, Set<String> outcome) {
      String rewritten =
          new String(rewriter.rewrite(label.getBytes(UTF_8), value.getBytes(UTF_8)), UTF_8);
      if (known.add(label + value)) {
        outcome.add(rewritten);
      }
    }
  }

  private void learn(long window) {
    if (random.nextInt(3) == 0) { // elsewhere; with or without what was observed lately
      learner = new RewriteLearner(history.newest());
      learned = random.nextBoolean() ? 0 : learned;
    }
    while (learned < log.size()) {
      learner.learn(SETTINGS, log.get(learned++), window * 15_000);
    }
    int most = random.nextBoolean() ? 200 : 100_000;
    learner
        .change(SETTINGS, window * 15_000, most)
        .ifPresent(
            change -> {
              history.add(window + WINDOWS_AHEAD, ++number, RewriteChange.read(change.write()));
              learner.published(history.newest());
            });
  }

  @Test
  void shouldComeToPatternsAndFewValuesInAllTasks() {
    for (long seed = 0; seed < SEEDS; seed++) {
      RewriteSimulationTest run = new RewriteSimulationTest();
      run.random = new SplittableRandom(seed);
      run.run();
      run.assertOutcome(seed);
    }
  }

  private void run() {
    List<Task> tasks = List.of(new Task(), new Task(), new Task());
    for (long window = 0; window < WINDOWS; window++) {
      for (Task task : tasks) {
        task.window(window);
      }
      learn(window);
    }
  }

  private void assertOutcome(long seed) {
    long last = WINDOWS - 1;
    assertThat(spanNames.get(last)).as("span names, seed %d", seed).isSubsetOf(PATTERNS);
    assertThat(zones.get(last)).as("zones, seed %d", seed).hasSizeLessThanOrEqualTo(MAX_VALUES + 1);
    assertThat(history.at(last).limited()).as("limited, seed %d", seed).containsOnlyKeys("zone");
    assertThat(history.newest().number()).as("number, seed %d", seed).isEqualTo(number);
  }
}
