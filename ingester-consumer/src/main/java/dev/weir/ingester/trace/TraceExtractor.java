package dev.weir.ingester.trace;

import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.WireReader;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Copies one trace's spans out of a {@code TracesData}, with their resources and scopes, into a
 * smaller one. Every field is copied as it stands, unknown ones too. For one thread.
 */
public final class TraceExtractor {
  private static final byte[] NOTHING = new byte[0];

  private final TraceId wanted;
  private final WireReader reader = new WireReader();

  /**
   * @param wanted the trace to copy
   */
  public TraceExtractor(TraceId wanted) {
    this.wanted = wanted;
  }

  /**
   * Filters one message.
   *
   * @return a {@code TracesData} of the wanted trace alone; empty if it has no span in {@code
   *     traces}
   * @throws MalformedOtlpException if {@code traces} is no valid message
   */
  public byte[] extract(byte[] traces) throws MalformedOtlpException {
    reader.reset(traces, 0, traces.length);
    return filtered(OtlpFields.FIRST, this::resourceSpans);
  }

  private byte[] resourceSpans() throws MalformedOtlpException {
    return filtered(OtlpFields.SECOND, this::scopeSpans);
  }

  private byte[] scopeSpans() throws MalformedOtlpException {
    return filtered(OtlpFields.SECOND, this::span);
  }

  private byte[] span() throws MalformedOtlpException {
    int start = reader.position();
    boolean matches = false;
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == OtlpFields.FIRST) {
        int length = reader.readLength();
        matches = wanted.matches(reader.buffer(), reader.position(), length);
        reader.skipBytes(length);
      } else {
        OtlpFields.skip(reader, tag);
      }
    }
    return matches ? Arrays.copyOfRange(reader.buffer(), start, reader.position()) : NOTHING;
  }

  /** The current message with only those children of which something is left; else nothing. */
  private byte[] filtered(int childTag, Child child) throws MalformedOtlpException {
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    boolean kept = false;
    while (reader.hasMore()) {
      int start = reader.position();
      int tag = reader.readTag();
      if (tag != childTag) {
        OtlpFields.skip(reader, tag);
        copy.write(reader.buffer(), start, reader.position() - start);
        continue;
      }
      int outer = reader.enter();
      byte[] content = child.read();
      reader.leave(outer);
      if (content.length > 0) {
        kept = true;
        write(copy, childTag, content);
      }
    }
    return kept ? copy.toByteArray() : NOTHING;
  }

  private static void write(ByteArrayOutputStream out, int tag, byte[] content) {
    out.write(tag); // fields below 16 have tags of one byte
    int length = content.length;
    while (length > 0x7F) {
      out.write((length & 0x7F) | 0x80);
      length >>>= 7;
    }
    out.write(length);
    out.writeBytes(content);
  }

  @FunctionalInterface
  private interface Child {
    byte[] read() throws MalformedOtlpException;
  }
}
