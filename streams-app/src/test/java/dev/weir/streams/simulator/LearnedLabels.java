package dev.weir.streams.simulator;

import dev.weir.streams.overrides.EffectiveSettings;
import dev.weir.streams.overrides.LabelLearning;
import dev.weir.streams.overrides.OverridesVersion;
import dev.weir.streams.overrides.TenantSettings;
import dev.weir.streams.overrides.VersionLog;
import dev.weir.streams.overrides.Versions;
import dev.weir.streams.rewrite.RewriteChange;
import dev.weir.streams.rewrite.RewriteSettings;
import dev.weir.streams.rewrite.SpanNameMode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * The settings of a scenario, and what is learned of labels while a run observes them; a seed
 * decides how much is asked for, when something is published, and when the learner dies. After
 * {@link #end} nothing more is learned, as in a replay.
 */
final class LearnedLabels implements SimulatedTenants, VersionLog {
  private static final List<List<String>> ANY_WORD = List.of(Arrays.asList((String) null));

  private static final List<String> LABELS =
      List.of("service", "span_kind", "client", "server", "db_name");

  private final Scenario scenario;
  private final SplittableRandom random;
  private final RewriteSettings rewrites;
  private final Versions versions;
  private LabelLearning learning;
  private long newestWindow;
  private boolean ended;

  LearnedLabels(Scenario scenario, long seed) {
    this.scenario = scenario;
    this.random = new SplittableRandom(seed * 71);
    this.rewrites =
        new RewriteSettings(
            List.of(SpanNameMode.values()).get(random.nextInt(3)),
            List.of(0, 2, 5, 50).get(random.nextInt(4)));
    this.newestWindow = LogGenerator.BASE_MILLIS / scenario.window().toMillis();
    this.versions =
        new Versions(
            scenario.window().toMillis(),
            rewriting(scenario.aggregateSettings(1).tenants(scenario.limits())));
    for (int i = random.nextInt(5); i > 0; i--) {
      newestWindow += random.nextInt(3);
      publishByHand(LogGenerator.tenant(random));
    }
    this.learning = new LabelLearning(this);
  }

  private TenantSettings rewriting(TenantSettings other) {
    return new TenantSettings(
        other.spanMetrics(), other.serviceGraph(), other.hostInfo(), other.limits(), rewrites);
  }

  @Override
  public EffectiveSettings at(String tenant, long window) {
    newestWindow = Math.max(newestWindow, window);
    EffectiveSettings said = scenario.tenants().at(tenant, window);
    return new EffectiveSettings(
        said.number(), rewriting(said.settings()), versions.at(tenant, window).rewrites());
  }

  @Override
  public void observed(String tenant, byte[] observations) {
    if (ended) {
      return;
    }
    learning.learn(tenant, observations, millis());
    switch (random.nextInt(8)) {
      case 0 -> learning = new LabelLearning(this);
      case 1, 2, 3, 4, 5 -> {
        if (!learning.publish(millis())) {
          learning = new LabelLearning(this);
        }
      }
      case 6 -> publishByHand(tenant);
      default -> {}
    }
  }

  /** Names of one word are never learned, and most of a log is read before much was. */
  private void publishByHand(String tenant) {
    Map<String, Object> form =
        switch (random.nextInt(5)) {
          case 0 -> Map.of("templates_gone", ANY_WORD);
          case 1, 2 -> Map.of("templates", ANY_WORD);
          default ->
              Map.of("limited", Map.of(LABELS.get(random.nextInt(LABELS.size())), List.of()));
        };
    publish(
        all ->
            Optional.of(
                OverridesVersion.learned(
                    all.number() + 1, Map.of(tenant, RewriteChange.read(form)))));
  }

  /** What is published is in force from the window after all that were asked for on. */
  private long millis() {
    return (newestWindow - 1) * scenario.window().toMillis();
  }

  @Override
  public Versions upToDate() {
    return versions;
  }

  @Override
  public Optional<OverridesVersion> publish(
      Function<Versions, Optional<OverridesVersion>> decision) {
    Optional<OverridesVersion> next = decision.apply(versions);
    next.ifPresent(version -> versions.add(version, millis()));
    return next;
  }

  /** Nothing more is learned. */
  void end() {
    ended = true;
  }
}
