package dev.weir.streams.rewrite;

import dev.weir.streams.series.ValueRewriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Applies one version to the labels of one tenant: first templates to span names, then the limits
 * on values. Notes what the learner does not know yet. A function of version and value, so that all
 * tasks make the same of the same. Not thread-safe.
 */
public final class LabelRewriter implements ValueRewriter {
  /** What stands for all values that a label does not keep. */
  static final String OVERFLOW = "__cardinality_overflow__";

  private static final byte[] OVERFLOW_BYTES = OVERFLOW.getBytes(StandardCharsets.US_ASCII);

  /** The label that templates are for. */
  static final String SPAN_NAME = "span_name";

  private static final byte[] SPAN_NAME_BYTES = SPAN_NAME.getBytes(StandardCharsets.US_ASCII);

  private final RewriteSettings settings;
  private final LabelRewrites version;
  private final LabelObservations observations;
  private final boolean hasTemplates;

  /**
   * @param observations where what is new is noted
   */
  public LabelRewriter(
      RewriteSettings settings, LabelRewrites version, LabelObservations observations) {
    this.settings = settings;
    this.version = version;
    this.observations = observations;
    this.hasTemplates = settings.spanNames() != SpanNameMode.OFF;
  }

  /** One that does nothing if settings want nothing. */
  public static ValueRewriter of(
      RewriteSettings settings, LabelRewrites version, LabelObservations observations) {
    return settings.equals(RewriteSettings.NOTHING)
        ? NOTHING
        : new LabelRewriter(settings, version, observations);
  }

  @Override
  public void begin() {
    if (hasTemplates) {
      observations.beginLabelSet();
    }
  }

  @Override
  public byte[] rewrite(byte[] name, byte[] value) {
    byte[] templated = value;
    if (hasTemplates) {
      boolean isSpanName = Arrays.equals(name, SPAN_NAME_BYTES);
      byte[] template = isSpanName ? template(value) : value;
      observations.label(name, value, template);
      templated = settings.spanNames() == SpanNameMode.ENABLED ? template : value;
    }
    return settings.maxValuesPerLabel() > 0 ? limit(name, templated) : templated;
  }

  private byte[] template(byte[] value) {
    String name = new String(value, StandardCharsets.UTF_8);
    String template = version.templates().apply(name);
    if (!template.equals(name)) {
      observations.templated();
      return template.getBytes(StandardCharsets.UTF_8);
    }
    if (version.templates().isUnknown(name)) {
      observations.spanName(name);
    }
    return value;
  }

  private byte[] limit(byte[] name, byte[] value) {
    String label = new String(name, StandardCharsets.UTF_8);
    AllowedValues allowed = version.limited().get(label);
    if (allowed != null && allowed.has(AllowedValues.hash(value, 0, value.length))) {
      return value;
    }
    observations.value(label, new String(value, StandardCharsets.UTF_8));
    if (allowed == null) {
      return value;
    }
    observations.limited(label);
    return OVERFLOW_BYTES;
  }
}
