package dev.weir.streams.rewrite;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The learners of all tenants. Not thread-safe. */
public final class RewriteLearners {
  /** How long the form of one version may be, about; a record may be several times as long. */
  private static final int MOST_CHARACTERS = 4_000_000;

  private final Map<String, RewriteLearner> learners = new TreeMap<>();

  /**
   * @param published what was published last, by tenant
   */
  public RewriteLearners(Map<String, LabelRewrites> published) {
    published.forEach((tenant, last) -> learners.put(tenant, new RewriteLearner(last)));
  }

  /**
   * Learns from what a task observed.
   *
   * @param settings of the tenant at that time
   * @param observations what {@link LabelObservations#take} wrote
   * @param atMillis the time of its record, Unix milliseconds
   */
  public void learn(String tenant, RewriteSettings settings, byte[] observations, long atMillis) {
    learners
        .computeIfAbsent(tenant, name -> new RewriteLearner(LabelRewrites.NONE))
        .learn(settings, observations, atMillis);
  }

  /**
   * What a version would change if it were made now, by tenant. What does not fit into one comes
   * the next time.
   *
   * @param settings of tenants now
   * @param nowMillis Unix milliseconds
   */
  public Map<String, RewriteChange> changes(
      Function<String, RewriteSettings> settings, long nowMillis) {
    Map<String, RewriteChange> changes = new LinkedHashMap<>();
    int[] left = {MOST_CHARACTERS};
    learners.forEach(
        (tenant, learner) ->
            learner
                .change(settings.apply(tenant), nowMillis, left[0])
                .ifPresent(
                    change -> {
                      left[0] -= change.characters();
                      changes.put(tenant, change);
                    }));
    return changes;
  }

  /** Whether something was published of a tenant that is not known here. */
  public boolean isBehind(String tenant, LabelRewrites published) {
    RewriteLearner learner = learners.get(tenant);
    long known = learner == null ? 0 : learner.published().number();
    return known != published.number();
  }

  /** A change was published, and this is what it came to. */
  public void published(String tenant, LabelRewrites next) {
    RewriteLearner learner = learners.get(tenant);
    if (learner != null) {
      learner.published(next);
    }
  }

  /** The tenants of which something is known. */
  public Set<String> tenants() {
    return new TreeSet<>(learners.keySet());
  }

  /** What is known of all tenants, and was done since this was last taken, for those who watch. */
  public Map<String, RewriteFigures> takeFigures(long nowMillis) {
    Map<String, RewriteFigures> figures = new TreeMap<>();
    learners.forEach((tenant, learner) -> figures.put(tenant, learner.takeFigures(nowMillis)));
    return figures;
  }
}
