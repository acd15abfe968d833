package dev.weir.streams.rewrite;

import dev.weir.streams.cardinality.Sketch;
import dev.weir.streams.cardinality.SlidingSketch;
import dev.weir.streams.drain.SpanNameTemplates;
import dev.weir.streams.drain.TemplateLearner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Learns what becomes of one tenant's labels, from what all tasks observed, in the one order in
 * which it is told. It begins with what was published last; what it knows beyond that it learns
 * again from the observations of {@link #MEMORY}, since tasks tell what is in use anew within a
 * part of it. So it may be anywhere, and start again anywhere. Not thread-safe.
 *
 * <p>A label may have so many values; the one that is one too many limits it: from the next version
 * on, only those that were there before are kept. It is limited until for {@link #MEMORY} no other
 * value was observed; then it begins anew.
 */
public final class RewriteLearner {
  /** How often tasks tell what is in use, in the time of their records. */
  public static final Duration TOLD_ANEW = Duration.ofMinutes(5);

  private static final int SLOTS = 4;

  /** How long a value counts that is not told anew. */
  public static final Duration MEMORY = TOLD_ANEW.multipliedBy(SLOTS);

  private static final int MOST_CLUSTERS = 10_000;
  private static final int MOST_LABELS = 1_000;
  private static final long SOMETHING = 1;

  private final TemplateLearner spanNames;
  private final Map<String, LabelValues> labels = new LinkedHashMap<>();
  private final SlidingSketch before = new SlidingSketch(SLOTS);
  private final SlidingSketch after = new SlidingSketch(SLOTS);
  private LabelRewrites published;

  /**
   * @param published what was published last; {@link LabelRewrites#NONE} if nothing was
   */
  public RewriteLearner(LabelRewrites published) {
    this.published = published;
    this.spanNames = new TemplateLearner(MOST_CLUSTERS, published.templates());
    published.limited().forEach((label, allowed) -> labels.put(label, new LabelValues(allowed)));
  }

  private static long slotOf(long millis) {
    return millis / TOLD_ANEW.toMillis();
  }

  /**
   * Learns from what a task observed.
   *
   * @param settings of the tenant at that time
   * @param observations what {@link LabelObservations#take} wrote
   * @param atMillis the time of its record, Unix milliseconds
   */
  public void learn(RewriteSettings settings, byte[] observations, long atMillis) {
    long slot = slotOf(atMillis);
    LabelObservations.read(
        observations,
        new LabelObservations.Visitor() {
          @Override
          public void spanName(String name) {
            if (settings.spanNames() != SpanNameMode.OFF) {
              spanNames.learn(name);
            }
          }

          @Override
          public void value(String label, byte[] value) {
            LabelValues values = valuesOf(label);
            if (values != null && settings.maxValuesPerLabel() > 0) {
              learn(settings, values, label, value, slot);
            }
          }

          @Override
          public void labelSets(Sketch asTheyWere, Sketch withTemplates) {
            before.add(asTheyWere, slot);
            after.add(withTemplates, slot);
          }
        });
  }

  private void learn(
      RewriteSettings settings, LabelValues values, String label, byte[] value, long slot) {
    int most = settings.maxValuesPerLabel();
    if (!isTemplated(settings, label)) {
      values.learn(value, false, most, slot);
      return;
    }
    if (values.isFull(most)) {
      values.replaceAll(spanNames.templates());
    }
    String name = new String(value, StandardCharsets.UTF_8);
    String template = spanNames.templates().apply(name);
    values.learn(template.getBytes(StandardCharsets.UTF_8), true, most, slot);
  }

  /**
   * Whether the values of a label become templates before they are counted: a name that was there
   * before its template then stands for the same value.
   */
  private static boolean isTemplated(RewriteSettings settings, String label) {
    return settings.spanNames() == SpanNameMode.ENABLED && label.equals(LabelRewriter.SPAN_NAME);
  }

  private @Nullable LabelValues valuesOf(String label) {
    return labels.size() < MOST_LABELS
        ? labels.computeIfAbsent(label, name -> new LabelValues())
        : labels.get(label);
  }

  /**
   * What a version would change if it were made now; empty if nothing.
   *
   * @param settings of the tenant now
   * @param nowMillis Unix milliseconds
   * @param mostCharacters how long it may be; what does not fit comes the next time
   */
  Optional<RewriteChange> change(RewriteSettings settings, long nowMillis, int mostCharacters) {
    RewriteChange change =
        RewriteChange.between(published, learned(settings, nowMillis), mostCharacters);
    return change.isEmpty() ? Optional.empty() : Optional.of(change);
  }

  private LabelRewrites learned(RewriteSettings settings, long nowMillis) {
    SpanNameTemplates templates =
        settings.spanNames() == SpanNameMode.OFF ? SpanNameTemplates.NONE : spanNames.templates();
    Map<String, AllowedValues> limited = new TreeMap<>();
    labels.forEach(
        (label, values) -> {
          if (isTemplated(settings, label)) {
            values.replaceAll(templates);
          }
          values
              .allowed(settings.maxValuesPerLabel(), slotOf(nowMillis))
              .ifPresent(allowed -> limited.put(label, allowed));
        });
    return new LabelRewrites(published.number(), templates, limited);
  }

  /** What was published last. */
  LabelRewrites published() {
    return published;
  }

  /** A change was published, and this is what it came to. */
  void published(LabelRewrites next) {
    published = next;
  }

  /** What it knows, and has done since this was last taken, for those who watch. */
  RewriteFigures takeFigures(long nowMillis) {
    long slot = slotOf(nowMillis);
    Map<String, Long> values = new TreeMap<>();
    labels.forEach((label, of) -> values.put(label, of.demand(slot)));
    return new RewriteFigures(
        spanNames.patterns(),
        published.templates().texts().size(),
        before.estimate(slot),
        after.estimate(slot),
        values,
        spanNames.takeLearned());
  }

  /** A value that is kept, and when it was seen last; the text if it is a span name of today. */
  private record Kept(String spanName, long slot) {}

  /** The values of one label. */
  private static final class LabelValues {
    /** By hash; the text is empty of what a version brought. */
    private final Map<Long, Kept> kept = new LinkedHashMap<>();

    private final SlidingSketch beyond = new SlidingSketch(SLOTS);
    private boolean isLimited;

    /** Of a label without values. */
    LabelValues() {}

    /** Of a label that is limited. */
    LabelValues(AllowedValues allowed) {
      for (long hash : allowed.hashes()) {
        kept.put(hash, new Kept("", 0));
      }
      isLimited = true;
    }

    boolean isFull(int most) {
      return !isLimited && kept.size() >= most;
    }

    void learn(byte[] value, boolean isSpanName, int most, long slot) {
      long hash = AllowedValues.hash(value, 0, value.length);
      Kept known = kept.get(hash);
      if (known == null && isFull(most)) {
        kept.values().removeIf(old -> isForgotten(old, slot));
      }
      if (known != null || kept.size() < most) {
        String name = isSpanName ? new String(value, StandardCharsets.UTF_8) : "";
        kept.put(hash, new Kept(name, slot));
      } else {
        beyond.add(hash, slot);
        isLimited = true;
      }
    }

    private static boolean isForgotten(Kept value, long slot) {
      return value.slot() + SLOTS <= slot;
    }

    /** Puts templates in the place of span names that fit them by now. */
    void replaceAll(SpanNameTemplates templates) {
      for (Map.Entry<Long, Kept> entry : List.copyOf(kept.entrySet())) {
        String name = entry.getValue().spanName();
        String template = templates.apply(name);
        if (!template.equals(name)) {
          byte[] bytes = template.getBytes(StandardCharsets.UTF_8);
          kept.remove(entry.getKey());
          kept.put(
              AllowedValues.hash(bytes, 0, bytes.length),
              new Kept(template, entry.getValue().slot()));
        }
      }
    }

    Optional<AllowedValues> allowed(int most, long slot) {
      if (isLimited && beyond.isUnused()) {
        beyond.add(SOMETHING, slot); // limited by a predecessor, nobody knows how long ago
      }
      boolean isOver = most > 0 && beyond.estimate(slot) > 0;
      if (isLimited && !isOver) {
        isLimited = false;
        kept.clear();
      }
      return isLimited
          ? Optional.of(AllowedValues.of(kept.keySet().stream().mapToLong(Long::longValue)))
          : Optional.empty();
    }

    /** How many values there are, about. */
    long demand(long slot) {
      long inUse =
          kept.values().stream().filter(value -> isLimited || !isForgotten(value, slot)).count();
      return inUse + beyond.estimate(slot);
    }
  }
}
