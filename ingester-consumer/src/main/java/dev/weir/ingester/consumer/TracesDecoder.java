package dev.weir.ingester.consumer;

import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.WireReader;
import dev.weir.schemas.topic.SpanCodec;
import java.io.ByteArrayOutputStream;

/** Makes a record's value an OTLP {@code TracesData}. For one thread. */
final class TracesDecoder {
  /** {@code PushBytesRequest.traces}. */
  private static final int TRACES = 2 << 3 | WireReader.LENGTH_DELIMITED;

  private final SpanCodec codec;
  private final WireReader reader = new WireReader();

  TracesDecoder(SpanCodec codec) {
    this.codec = codec;
  }

  byte[] decode(byte[] value) throws MalformedOtlpException {
    return switch (codec) {
      case OTLP -> value;
      case PUSH_BYTES -> traces(value);
    };
  }

  /** Messages laid end to end are one message with the fields of all. */
  private byte[] traces(byte[] value) throws MalformedOtlpException {
    ByteArrayOutputStream traces = new ByteArrayOutputStream(value.length);
    reader.reset(value, 0, value.length);
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if ((tag & 7) == WireReader.LENGTH_DELIMITED) {
        int length = reader.readLength();
        if (tag == TRACES) {
          traces.write(value, reader.position(), length);
        }
        reader.skipBytes(length);
      } else {
        reader.skip(tag);
      }
    }
    return traces.toByteArray();
  }
}
