package dev.weir.streams.series;

import dev.weir.schemas.layout.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds a label set in the layout of {@link dev.weir.schemas.delta.SeriesKey}. The caller gives
 * the names in order; a label with an empty value, or that will be overwritten, is left out; a
 * value that is too long is cut at the border of a character. Reused; not thread-safe.
 */
public final class LabelsWriter {
  private static final int MAX_CONTINUATION_BYTES = 3;

  private final int maxValueBytes;
  private final byte[][] overwritten;
  private final ValueRewriter rewriter;
  private final ByteWriter labels = new ByteWriter(256);
  private boolean wellFormed = true;

  public LabelsWriter(LabelRules rules) {
    this(rules, ValueRewriter.NOTHING);
  }

  /**
   * @param rewriter replaces values that are UTF-8, after they were cut
   */
  public LabelsWriter(LabelRules rules, ValueRewriter rewriter) {
    this.maxValueBytes = rules.maxValueBytes();
    this.rewriter = rewriter;
    this.overwritten =
        rules.overwritten().stream()
            .map(name -> name.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
  }

  /** Begins an empty label set. */
  public LabelsWriter begin() {
    labels.truncate(0);
    wellFormed = true;
    rewriter.begin();
    return this;
  }

  /** Adds a label. */
  public LabelsWriter label(byte[] name, byte[] value, int offset, int length) {
    int kept = truncated(value, offset, length);
    if (kept > 0 && !isOverwritten(name)) {
      boolean isUtf8 = isUtf8(value, offset, kept);
      wellFormed &= isUtf8;
      if (isUtf8 && rewriter != ValueRewriter.NOTHING) {
        byte[] original = Arrays.copyOfRange(value, offset, offset + kept);
        labels.prefixed(name).prefixed(rewriter.rewrite(name, original));
      } else {
        labels.prefixed(name).prefixed(value, offset, kept);
      }
    }
    return this;
  }

  /** Adds a label. */
  public LabelsWriter label(byte[] name, byte[] value) {
    return label(name, value, 0, value.length);
  }

  private boolean isOverwritten(byte[] name) {
    for (byte[] other : overwritten) {
      if (Arrays.equals(name, other)) {
        return true;
      }
    }
    return false;
  }

  /** Whether all values are UTF-8, which Prometheus demands. */
  public boolean isWellFormed() {
    return wellFormed;
  }

  /** The label set so far; valid until the next {@link #begin}. */
  public ByteWriter labels() {
    return labels;
  }

  private int truncated(byte[] value, int offset, int length) {
    if (maxValueBytes == 0 || length <= maxValueBytes) {
      return length;
    }
    int shortest = Math.max(0, maxValueBytes - MAX_CONTINUATION_BYTES);
    for (int kept = maxValueBytes; kept >= shortest; kept--) {
      if ((value[offset + kept] & 0xC0) != 0x80) {
        return kept;
      }
    }
    return maxValueBytes; // not UTF-8
  }

  private static boolean isUtf8(byte[] value, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (value[i] < 0) {
        return decodes(value, offset, length);
      }
    }
    return true;
  }

  private static boolean decodes(byte[] value, int offset, int length) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value, offset, length));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
