package dev.weir.streams.overrides;

import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.rewrite.LabelRewrites;
import dev.weir.streams.rewrite.RewriteChange;
import dev.weir.streams.rewrite.RewriteFigures;
import dev.weir.streams.rewrite.RewriteLearners;
import dev.weir.streams.rewrite.RewriteSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Learns what becomes of labels, and publishes it. There is one at a time; one that was replaced
 * and does not know publishes nothing any more, since it finds that somebody else has. Not
 * thread-safe.
 */
public final class LabelLearning {
  private final VersionLog log;
  private final RewriteLearners learners;
  private Versions versions;
  private boolean isReplaced;

  /** Goes on from what was published last. */
  public LabelLearning(VersionLog log) {
    this.log = log;
    this.versions = log.upToDate();
    this.learners = new RewriteLearners(versions.learned());
  }

  /**
   * Learns from what a task observed.
   *
   * @param observations what {@link dev.weir.streams.rewrite.LabelObservations} wrote
   * @param atMillis the time of its record, Unix milliseconds
   * @throws CorruptLayoutException if it cannot be read
   */
  public void learn(String tenant, byte[] observations, long atMillis) {
    learners.learn(tenant, settings(tenant), observations, atMillis);
  }

  /** The newest that are known; in which window they are in force does not matter here. */
  private RewriteSettings settings(String tenant) {
    return versions.at(tenant, Long.MAX_VALUE).settings().rewrites();
  }

  /**
   * Publishes what was learned, if it differs from what was published.
   *
   * @param nowMillis Unix milliseconds
   * @return whether it may go on; if not, somebody else has published, and another one has to begin
   *     anew
   */
  public boolean publish(long nowMillis) {
    versions = log.upToDate();
    Map<String, RewriteChange> changes = learners.changes(this::settings, nowMillis);
    if (!changes.isEmpty()) {
      log.publish(all -> next(all, changes)).ifPresent(version -> published(changes.keySet()));
    }
    return !isReplaced;
  }

  private Optional<OverridesVersion> next(Versions all, Map<String, RewriteChange> changes) {
    Map<String, LabelRewrites> learned = all.learned();
    isReplaced =
        learned.entrySet().stream()
            .anyMatch(tenant -> learners.isBehind(tenant.getKey(), tenant.getValue()));
    return isReplaced
        ? Optional.empty()
        : Optional.of(OverridesVersion.learned(all.number() + 1, changes));
  }

  private void published(Set<String> tenants) {
    Map<String, LabelRewrites> learned = new HashMap<>(log.upToDate().learned());
    learned.keySet().retainAll(tenants);
    learned.forEach(learners::published);
  }

  /** What is known of all tenants, for those who watch. */
  public Map<String, RewriteFigures> takeFigures(long nowMillis) {
    return learners.takeFigures(nowMillis);
  }
}
