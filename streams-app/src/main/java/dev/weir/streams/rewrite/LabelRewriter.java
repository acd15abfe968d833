package dev.weir.streams.rewrite;

import dev.weir.streams.series.ValueRewriter;
import java.nio.charset.StandardCharsets;

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

  private final RewriteSettings settings;
  private final LabelRewrites version;
  private final LabelObservations observations;

  /**
   * @param observations where what is new is noted
   */
  public LabelRewriter(
      RewriteSettings settings, LabelRewrites version, LabelObservations observations) {
    this.settings = settings;
    this.version = version;
    this.observations = observations;
  }

  @Override
  public byte[] rewrite(byte[] name, byte[] value) {
    String label = new String(name, StandardCharsets.UTF_8);
    byte[] templated =
        settings.spanNames() != SpanNameMode.OFF && label.equals(SPAN_NAME)
            ? template(value)
            : value;
    return settings.maxValuesPerLabel() > 0 ? limit(label, templated) : templated;
  }

  private byte[] template(byte[] value) {
    String name = new String(value, StandardCharsets.UTF_8);
    if (version.templates().isUnknown(name)) {
      observations.spanName(name);
      return value;
    }
    return settings.spanNames() == SpanNameMode.ENABLED
        ? version.templates().apply(name).getBytes(StandardCharsets.UTF_8)
        : value;
  }

  private byte[] limit(String label, byte[] value) {
    AllowedValues allowed = version.limited().get(label);
    if (allowed != null && allowed.has(AllowedValues.hash(value, 0, value.length))) {
      return value;
    }
    observations.value(label, new String(value, StandardCharsets.UTF_8));
    return allowed == null ? value : OVERFLOW_BYTES;
  }
}
