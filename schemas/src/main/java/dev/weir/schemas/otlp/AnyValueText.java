package dev.weir.schemas.otlp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Renders an OTLP {@code AnyValue} as the text of a label: strings as they are, booleans and
 * integers plainly, doubles in the shortest decimal form that reads back equal and without
 * exponent; bytes and absent values are empty. Arrays and maps are JSON, in which bytes are base64,
 * what is not finite a string, and absent values {@code null}; or as Tempo writes them, {@code
 * [ab]} and {@code {k:v}}, which does not tell where an element ends. The text does not depend on
 * the JDK's own formatting. Holds the text of the last value; not thread-safe.
 */
public final class AnyValueText {
  private static final int STRING = 1 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int BOOL = 2 << 3 | WireReader.VARINT;
  private static final int INT = 3 << 3 | WireReader.VARINT;
  private static final int DOUBLE = 4 << 3 | WireReader.FIXED64;
  private static final int ARRAY = 5 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int KEY_VALUES = 6 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int BYTES = 7 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int ELEMENT = 1 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int KEY = 1 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int VALUE = 2 << 3 | WireReader.LENGTH_DELIMITED;
  private static final int MAX_DEPTH = 100; // protobuf-java's own limit

  private final boolean json;
  private byte[] rendered = new byte[64];
  private byte[] source = rendered;
  private int sourceOffset;
  private int length;
  private boolean isString;

  /** Renders arrays and maps as JSON. */
  public AnyValueText() {
    this(true);
  }

  /**
   * @param json whether arrays and maps are JSON; if not they are as Tempo's
   */
  public AnyValueText(boolean json) {
    this.json = json;
  }

  /**
   * Renders a value; the result is in {@link #buffer}, which is the given buffer itself if the
   * value is a string.
   *
   * @param offset where the {@code AnyValue} message begins
   * @param size its bytes
   * @throws MalformedOtlpException if it is no such message, or nested deeper than 100 levels
   */
  public void render(byte[] buffer, int offset, int size) throws MalformedOtlpException {
    WireReader reader = new WireReader();
    reader.reset(buffer, offset, size);
    int tag = size == 0 ? 0 : reader.readTag();
    if (tag == STRING) {
      int stringLength = reader.readLength();
      if (reader.position() + stringLength == offset + size) {
        source = buffer;
        sourceOffset = reader.position();
        length = stringLength;
        isString = true;
        return;
      }
    }
    reader.reset(buffer, offset, size);
    source = rendered;
    sourceOffset = 0;
    length = 0;
    isString = false;
    renderValue(reader, 0);
    source = rendered;
  }

  /**
   * Whether a value has no text. What was rendered last may be gone then.
   *
   * @param offset where the {@code AnyValue} message begins
   * @param size its bytes
   * @throws MalformedOtlpException if it is no such message
   */
  public boolean isEmpty(byte[] buffer, int offset, int size) throws MalformedOtlpException {
    if (size > 0) {
      switch (buffer[offset]) {
        case BOOL, INT, DOUBLE, ARRAY, KEY_VALUES -> {
          return false; // without making a text of it
        }
        default -> {}
      }
    }
    render(buffer, offset, size);
    return length == 0;
  }

  /** Whether the value is a string. */
  public boolean isString() {
    return isString;
  }

  /** The bytes that hold the text, UTF-8 if the value was. */
  public byte[] buffer() {
    return source;
  }

  /** Where the text begins. */
  public int offset() {
    return sourceOffset;
  }

  /** Bytes of the text. */
  public int length() {
    return length;
  }

  /** Renders the reader's current message; a later member of the oneof replaces an earlier one. */
  private void renderValue(WireReader reader, int depth) throws MalformedOtlpException {
    if (depth > MAX_DEPTH) {
      throw new MalformedOtlpException(
          "values nested deeper than " + MAX_DEPTH + " levels", reader.position());
    }
    int start = length;
    boolean isElement = json && depth > 0;
    while (reader.hasMore()) {
      int tag = reader.readTag();
      isString = isMember(tag) ? depth == 0 && tag == STRING : isString;
      switch (tag) {
        case STRING -> {
          length = start;
          int size = reader.readLength();
          if (isElement) {
            appendQuoted(reader.buffer(), reader.position(), size);
          } else {
            append(reader.buffer(), reader.position(), size);
          }
          reader.skipBytes(size);
        }
        case BOOL -> {
          length = start;
          append(reader.readVarint() != 0 ? "true" : "false");
        }
        case INT -> {
          length = start;
          append(Long.toString(reader.readVarint()));
        }
        case DOUBLE -> {
          length = start;
          double value = Double.longBitsToDouble(reader.readFixed64());
          append(
              isElement && !Double.isFinite(value)
                  ? '"' + Double.toString(value) + '"'
                  : ShortestDecimal.of(value));
        }
        case ARRAY -> {
          length = start;
          renderList(reader, depth, '[', ']');
        }
        case KEY_VALUES -> {
          length = start;
          renderList(reader, depth, '{', '}');
        }
        case BYTES -> {
          length = start;
          if (isElement) {
            appendBase64(reader);
          } else {
            reader.skip(tag);
          }
        }
        default -> reader.skip(tag);
      }
    }
    if (isElement && length == start) {
      append("null");
    }
  }

  private static boolean isMember(int tag) {
    return switch (tag) {
      case STRING, BOOL, INT, DOUBLE, ARRAY, KEY_VALUES, BYTES -> true;
      default -> false;
    };
  }

  private void renderList(WireReader reader, int depth, char open, char close)
      throws MalformedOtlpException {
    int outer = reader.enter();
    append(open);
    int first = length;
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == ELEMENT) {
        if (json && length > first) {
          append(',');
        }
        int list = reader.enter();
        if (open == '[') {
          renderValue(reader, depth + 1);
        } else {
          renderKeyValue(reader, depth + 1);
        }
        reader.leave(list);
      } else {
        reader.skip(tag);
      }
    }
    append(close);
    reader.leave(outer);
  }

  private void renderKeyValue(WireReader reader, int depth) throws MalformedOtlpException {
    int start = reader.position();
    int keyOffset = 0;
    int keyLength = 0;
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == KEY) {
        keyLength = reader.readLength();
        keyOffset = reader.position();
        reader.skipBytes(keyLength);
      } else {
        reader.skip(tag);
      }
    }
    if (json) {
      appendQuoted(reader.buffer(), keyOffset, keyLength);
    } else {
      append(reader.buffer(), keyOffset, keyLength);
    }
    append(':');
    int value = length;
    reader.rewind(start);
    while (reader.hasMore()) {
      int tag = reader.readTag();
      if (tag == VALUE) {
        length = value; // the last one counts
        int outer = reader.enter();
        renderValue(reader, depth);
        reader.leave(outer);
      } else {
        reader.skip(tag);
      }
    }
    if (json && length == value) {
      append("null");
    }
  }

  /** A string of JSON; what is not UTF-8 stays so. */
  private void appendQuoted(byte[] from, int offset, int size) {
    append('"');
    for (int i = offset; i < offset + size; i++) {
      char each = (char) (from[i] & 0xFF);
      if (each == '"' || each == '\\') {
        append('\\');
        append(each);
      } else if (each < ' ') {
        append("\\u00" + HexFormat.of().toHexDigits((byte) each));
      } else {
        append(each);
      }
    }
    append('"');
  }

  private void appendBase64(WireReader reader) throws MalformedOtlpException {
    int size = reader.readLength();
    byte[] bytes = Arrays.copyOfRange(reader.buffer(), reader.position(), reader.position() + size);
    append('"' + Base64.getEncoder().encodeToString(bytes) + '"');
    reader.skipBytes(size);
  }

  private void append(String ascii) {
    append(ascii.getBytes(StandardCharsets.US_ASCII), 0, ascii.length());
  }

  private void append(char one) {
    reserve(1);
    rendered[length++] = (byte) one;
  }

  private void append(byte[] from, int offset, int size) {
    reserve(size);
    System.arraycopy(from, offset, rendered, length, size);
    length += size;
  }

  private void reserve(int more) {
    if (rendered.length - length < more) {
      rendered = Arrays.copyOf(rendered, Math.max(rendered.length * 2, length + more));
    }
  }
}
