package dev.weir.distributor.distribution;

import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.WireReader;

/**
 * The slow path: encodes a message anew with what some readers rely on. Every attribute gets a
 * value, a span gets a status, and a parent id of zeros is left out.
 */
final class Completion {
  private static final int KEY_VALUE_VALUE = 2;
  private static final int SPAN_PARENT_SPAN_ID = 4;
  private static final int SPAN_STATUS = 15;

  private final WireReader reader = new WireReader();

  /** The message in {@code source[from, to)}, which must have been walked. */
  static WireBuffer of(
      OtlpMessage message, byte[] source, int from, int to, boolean keepsParentSpanId)
      throws MalformedOtlpException {
    Completion completion = new Completion();
    completion.reader.reset(source, from, to - from);
    return completion.complete(message, keepsParentSpanId);
  }

  private WireBuffer complete(OtlpMessage message, boolean keepsParentSpanId)
      throws MalformedOtlpException {
    WireBuffer out = new WireBuffer(reader.limit() - reader.position() + 16);
    boolean hasValue = message != OtlpMessage.KEY_VALUE;
    boolean hasStatus = message != OtlpMessage.SPAN;
    while (reader.hasMore()) {
      int start = reader.position();
      int tag = reader.readTag();
      int field = tag >>> 3;
      OtlpMessage child = message.child(field);
      if (child != null) {
        out.putField(field, nested(child));
        hasValue |= field == KEY_VALUE_VALUE;
        hasStatus |= field == SPAN_STATUS;
      } else {
        reader.skip(tag);
        boolean isParent = message == OtlpMessage.SPAN && field == SPAN_PARENT_SPAN_ID;
        if (keepsParentSpanId || !isParent) {
          out.putBytes(reader.buffer(), start, reader.position());
        }
      }
    }
    if (!hasValue) {
      out.putEmptyMessage(KEY_VALUE_VALUE);
    }
    if (!hasStatus) {
      out.putEmptyMessage(SPAN_STATUS);
    }
    return out;
  }

  private WireBuffer nested(OtlpMessage message) throws MalformedOtlpException {
    int outer = reader.enter();
    WireBuffer out = complete(message, true);
    reader.leave(outer);
    return out;
  }
}
