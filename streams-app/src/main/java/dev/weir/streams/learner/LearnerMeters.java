package dev.weir.streams.learner;

import dev.weir.streams.rewrite.RewriteFigures;
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
  private volatile boolean isHere;

  public LearnerMeters(MeterRegistry registry) {
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
