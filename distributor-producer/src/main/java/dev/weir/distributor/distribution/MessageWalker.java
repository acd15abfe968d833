package dev.weir.distributor.distribution;

import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.WireReader;

/**
 * Walks messages to their last byte, so that what is passed on can be read by everybody. Tells on
 * the way whether every attribute has a value, which some readers rely on.
 */
final class MessageWalker {
  /** What protobuf's own readers accept by default. */
  private static final int MAX_DEPTH = 100;

  private final WireReader reader;
  private int depth;

  MessageWalker(WireReader reader) {
    this.reader = reader;
  }

  /**
   * Makes the message that follows the current one.
   *
   * @return what {@link #leave} wants back
   */
  int enter() throws MalformedOtlpException {
    if (++depth > MAX_DEPTH) {
      throw new MalformedOtlpException(
          "messages are nested deeper than " + MAX_DEPTH, reader.position());
    }
    return reader.enter();
  }

  void leave(int outer) {
    depth--;
    reader.leave(outer);
  }

  /** Enters, walks and leaves the message that follows; see {@link #walk}. */
  boolean walkNested(OtlpMessage message) throws MalformedOtlpException {
    int outer = enter();
    boolean complete = walk(message);
    leave(outer);
    return complete;
  }

  /** Walks the current message; true if all attributes in it have values. */
  boolean walk(OtlpMessage message) throws MalformedOtlpException {
    boolean complete = true;
    boolean hasChild = false;
    while (reader.hasMore()) {
      int tag = message.readTag(reader);
      OtlpMessage child = message.child(tag >>> 3);
      if (child == null) {
        reader.skip(tag);
      } else {
        complete &= walkNested(child);
        hasChild = true;
      }
    }
    return complete && (hasChild || message != OtlpMessage.KEY_VALUE);
  }
}
