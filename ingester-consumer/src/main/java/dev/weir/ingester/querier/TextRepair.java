package dev.weir.ingester.querier;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.WireReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes a message's strings valid UTF-8, which protobuf-java insists on and senders do not always
 * keep to: every byte of a malformed sequence becomes {@code ?}. One byte for one byte, so that no
 * length of an enclosing message changes. The message's descriptor says which fields are strings,
 * as it does for the parser. For one thread.
 */
final class TextRepair {
  /** As deep as protobuf-java's parser goes. */
  private static final int MAX_DEPTH = 100;

  private final WireReader reader = new WireReader();
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final CharBuffer ignored = CharBuffer.allocate(1024);

  /**
   * Repairs in place.
   *
   * @throws MalformedOtlpException if {@code message} is no valid {@code type}
   */
  void repair(byte[] message, Descriptor type) throws MalformedOtlpException {
    reader.reset(message, 0, message.length);
    repair(type, 0);
  }

  private void repair(Descriptor type, int depth) throws MalformedOtlpException {
    if (depth > MAX_DEPTH) {
      throw new MalformedOtlpException("messages nest too deep", reader.position());
    }
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if ((tag & 7) == WireReader.LENGTH_DELIMITED) {
        int outer = reader.enter();
        content(type.findFieldByNumber(tag >>> 3), depth);
        reader.leave(outer);
      } else {
        reader.skip(tag);
      }
    }
  }

  private void content(@Nullable FieldDescriptor field, int depth) throws MalformedOtlpException {
    if (field == null) {
      return; // unknown to the parser as well
    }
    switch (field.getType()) {
      case MESSAGE -> repair(field.getMessageType(), depth + 1);
      case STRING -> text(reader.buffer(), reader.position(), reader.limit());
      default -> {} // bytes, or packed numbers
    }
  }

  private void text(byte[] buffer, int start, int end) {
    ByteBuffer bytes = ByteBuffer.wrap(buffer, start, end - start);
    decoder.reset();
    while (true) {
      ignored.clear();
      CoderResult result = decoder.decode(bytes, ignored, true);
      if (result.isUnderflow()) {
        return;
      }
      if (result.isError()) {
        int at = bytes.position();
        Arrays.fill(buffer, at, at + result.length(), (byte) '?');
        bytes.position(at + result.length());
        decoder.reset();
      }
    }
  }
}
