package dev.weir.streams.rewrite;

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
 * which it is told. It begins with the last version that was published, which is all that it needs
 * of its past: so it may be anywhere, and start again anywhere. Not thread-safe.
 *
 * <p>A label may have so many values; the one that is one too many limits it: from the next version
 * on, only those that were there before are kept. It is limited until for {@value #SLOTS} times 5
 * minutes no other value was observed; then it begins anew.
 */
public final class RewriteLearner {
  private static final int MOST_CLUSTERS = 10_000;
  private static final int MOST_LABELS = 1_000;
  private static final int SLOTS = 4;
  private static final long SOMETHING = 1;
  private static final long SLOT_MILLIS = Duration.ofMinutes(5).toMillis();

  private final TemplateLearner spanNames;
  private final Map<String, LabelValues> labels = new LinkedHashMap<>();
  private LabelRewrites published;

  /**
   * @param published the last version; {@link LabelRewrites#NONE} if there is none
   */
  public RewriteLearner(LabelRewrites published) {
    this.published = published;
    this.spanNames = new TemplateLearner(MOST_CLUSTERS, published.templates());
    published.limited().forEach((label, allowed) -> labels.put(label, new LabelValues(allowed)));
  }

  /**
   * Learns from what a task observed.
   *
   * @param settings of the tenant at that time
   * @param observations what {@link LabelObservations#take} wrote
   * @param atMillis the time of its record, Unix milliseconds
   */
  public void learn(RewriteSettings settings, byte[] observations, long atMillis) {
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
              learn(settings, values, label, value, atMillis / SLOT_MILLIS);
            }
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
   * The next version, if what was learned differs from the last one, which it takes the place of.
   *
   * @param settings of the tenant now
   * @param nowMillis the time of the last record, Unix milliseconds
   */
  public Optional<LabelRewrites> next(RewriteSettings settings, long nowMillis) {
    SpanNameTemplates templates =
        settings.spanNames() == SpanNameMode.OFF ? SpanNameTemplates.NONE : spanNames.templates();
    Map<String, AllowedValues> limited = new TreeMap<>();
    labels.forEach(
        (label, values) -> {
          if (isTemplated(settings, label)) {
            values.replaceAll(templates);
          }
          values
              .allowed(settings.maxValuesPerLabel(), nowMillis / SLOT_MILLIS)
              .ifPresent(allowed -> limited.put(label, allowed));
        });
    if (templates.equals(published.templates()) && limited.equals(published.limited())) {
      return Optional.empty();
    }
    published = new LabelRewrites(published.number() + 1, templates, limited);
    return Optional.of(published);
  }

  /** How many templates and single span names it distinguishes. */
  public int spanNamePatterns() {
    return spanNames.patterns();
  }

  /** The values of one label. */
  private static final class LabelValues {
    /** By hash; the text if it is a span name that was not in a published version. */
    private final Map<Long, String> kept = new LinkedHashMap<>();

    private final SlidingSketch beyond = new SlidingSketch(SLOTS);
    private boolean isLimited;

    /** Of a label without values. */
    LabelValues() {}

    /** Of a label that is limited. */
    LabelValues(AllowedValues allowed) {
      for (long hash : allowed.hashes()) {
        kept.put(hash, "");
      }
      isLimited = true;
    }

    boolean isFull(int most) {
      return !isLimited && kept.size() >= most;
    }

    void learn(byte[] value, boolean isSpanName, int most, long slot) {
      long hash = AllowedValues.hash(value, 0, value.length);
      if (kept.containsKey(hash)) {
        return;
      }
      if (!isLimited && kept.size() < most) {
        kept.put(hash, isSpanName ? new String(value, StandardCharsets.UTF_8) : "");
      } else {
        beyond.add(hash, slot);
        isLimited = true;
      }
    }

    /** Puts templates in the place of span names that fit them by now. */
    void replaceAll(SpanNameTemplates templates) {
      for (Map.Entry<Long, String> entry : List.copyOf(kept.entrySet())) {
        String template = templates.apply(entry.getValue());
        if (!template.equals(entry.getValue())) {
          byte[] bytes = template.getBytes(StandardCharsets.UTF_8);
          kept.remove(entry.getKey());
          kept.put(AllowedValues.hash(bytes, 0, bytes.length), template);
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
      return isLimited ? Optional.of(new AllowedValues(kept.keySet())) : Optional.empty();
    }
  }
}
