package dev.weir.streams.learner;

import dev.weir.streams.drain.NamesLearned;
import dev.weir.streams.rewrite.RewriteFigures;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The meters of learning, which the instance has where it happens. Thread-safe. */
public final class LearnerMeters {
  private final MultiGauge patterns;
  private final MultiGauge templates;
  private final MultiGauge before;
  private final MultiGauge after;
  private final MultiGauge values;
  private final MeterRegistry registry;
  private volatile boolean isHere;

  public LearnerMeters(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("weir.streams.label.learner.active", this, meters -> meters.isHere ? 1 : 0)
        .description("Whether labels are learned in this instance, which is so in one at a time.")
        .register(registry);
    this.patterns =
        gauge(
            registry,
            "span.name.patterns",
            "Patterns of span names that are told apart, those of a single name included.");
    this.templates =
        gauge(registry, "span.name.templates", "Patterns with a parameter that were published.");
    this.before =
        gauge(
            registry,
            "label.sets.demand",
            "Label sets of span metrics and edges in use if span names stayed what they are; an estimate, 3 % off.");
    this.after =
        gauge(
            registry,
            "label.sets.sanitized.demand",
            "Label sets of span metrics and edges in use with the published patterns in place of span names, also in a dry run; an estimate, 3 % off.");
    this.values =
        gauge(
            registry,
            "label.values.demand",
            "Values in use of a label where there is a limit on them, those beyond it included; an estimate, 3 % off.");
  }

  private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
    return MultiGauge.builder("weir.streams." + name).description(description).register(registry);
  }

  /** Whether labels are learned here. */
  void isHere(boolean here) {
    isHere = here;
  }

  /** What is known of tenants; who is not among them is no longer told of. */
  public void figures(Map<String, RewriteFigures> figures) {
    put(patterns, figures, RewriteFigures::patterns);
    put(templates, figures, RewriteFigures::templates);
    put(before, figures, RewriteFigures::labelSets);
    put(after, figures, RewriteFigures::templatedLabelSets);
    figures.forEach((tenant, of) -> count(tenant, of.names()));
    values.register(
        figures.entrySet().stream()
            .flatMap(
                tenant ->
                    tenant.getValue().values().entrySet().stream()
                        .<MultiGauge.Row<?>>map(
                            label ->
                                MultiGauge.Row.of(
                                    Tags.of("tenant", tenant.getKey(), "label", label.getKey()),
                                    label.getValue())))
            .toList(),
        true);
  }

  /** Counters stay when the learner goes elsewhere. */
  private void count(String tenant, NamesLearned names) {
    patterns(tenant, "detected", "Patterns that a span name began.")
        .increment((double) names.patternsDetected());
    patterns(tenant, "evicted", "Patterns that gave way to newer ones since there were too many.")
        .increment((double) names.patternsEvicted());
    skipped(tenant, "too_few_tokens").increment((double) names.tooFewTokens());
    skipped(tenant, "too_many_tokens").increment((double) names.tooManyTokens());
    DistributionSummary tokens =
        DistributionSummary.builder("weir.streams.span.name.tokens")
            .description("Tokens of span names that were learned from, the end included.")
            .tag("tenant", tenant)
            .register(registry);
    names.namesByTokens().forEach((count, times) -> record(tokens, count, times));
  }

  private static void record(DistributionSummary summary, int amount, long times) {
    for (long i = 0; i < times; i++) {
      summary.record(amount);
    }
  }

  private Counter patterns(String tenant, String what, String description) {
    return Counter.builder("weir.streams.span.name.patterns." + what)
        .description(description)
        .tag("tenant", tenant)
        .register(registry);
  }

  private Counter skipped(String tenant, String reason) {
    return Counter.builder("weir.streams.span.names.skipped")
        .description("Span names that were seen and take no part in patterns.")
        .tag("tenant", tenant)
        .tag("reason", reason)
        .register(registry);
  }

  private static void put(
      MultiGauge gauge,
      Map<String, RewriteFigures> figures,
      ToLongFunction<RewriteFigures> figure) {
    gauge.register(
        figures.entrySet().stream()
            .<MultiGauge.Row<?>>map(
                tenant ->
                    MultiGauge.Row.of(
                        Tags.of("tenant", tenant.getKey()), figure.applyAsLong(tenant.getValue())))
            .toList(),
        true);
  }
}
