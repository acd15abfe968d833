package dev.weir.streams.weight;

/**
 * The weight that OpenTelemetry's member of a W3C tracestate tells: {@code ot=th:8} is a threshold
 * that half of all traces pass. With a randomness of its own, as in {@code
 * ot=th:4;rv:00112233445566}, a weight that is no integer becomes one of the two integers next to
 * it, the same one for all spans of the trace. Not thread-safe.
 */
final class TraceStateWeight {
  private static final int MAX_MEMBER = 256;
  private static final int DIGITS = 14;
  private static final long RANGE = 1L << 56;

  private byte[] buffer = new byte[0];
  private long threshold;
  private long randomness;

  /** The weight; 0 if the tracestate tells none. */
  double of(byte[] traceState, int offset, int length) {
    buffer = traceState;
    int end = offset + length;
    for (int start = offset; start < end; ) {
      int comma = indexOf(',', start, end);
      int from = skipSpace(start, comma);
      if (comma - from > 2
          && buffer[from] == 'o'
          && buffer[from + 1] == 't'
          && buffer[from + 2] == '=') {
        return ofMember(from + 3, withoutSpace(from + 3, comma));
      }
      start = comma + 1;
    }
    return 0;
  }

  private double ofMember(int start, int end) {
    if (end - start > MAX_MEMBER) {
      return 0;
    }
    threshold = -1;
    randomness = -1;
    for (int from = start; from < end; ) {
      int semicolon = indexOf(';', from, end);
      readField(from, semicolon);
      from = semicolon + 1;
    }
    return threshold < 0 ? 0 : weight();
  }

  private void readField(int from, int to) {
    if (to - from < 3 || buffer[from + 2] != ':') {
      return;
    }
    int digits = to - from - 3;
    if (buffer[from] == 't' && buffer[from + 1] == 'h') {
      threshold = digits > DIGITS ? -1 : hex(from + 3, to) << (4 * (DIGITS - digits));
    } else if (buffer[from] == 'r' && buffer[from + 1] == 'v') {
      randomness = digits == DIGITS ? hex(from + 3, to) : -1;
    }
  }

  private double weight() {
    double weight = (double) RANGE / (RANGE - threshold);
    double whole = Math.floor(weight);
    if (randomness < 0 || whole == weight) {
      return weight;
    }
    return (randomness >> 3) / 0x1p53 < weight - whole ? whole + 1 : whole;
  }

  /** The number, or something negative if there is none. */
  private long hex(int from, int to) {
    long value = from == to ? -1 : 0;
    for (int i = from; i < to; i++) {
      int digit = Character.digit(buffer[i], 16);
      value = digit < 0 || value < 0 ? -1 : (value << 4) | digit;
    }
    return value;
  }

  private int indexOf(char wanted, int from, int to) {
    int index = from;
    while (index < to && buffer[index] != wanted) {
      index++;
    }
    return index;
  }

  private int skipSpace(int from, int to) {
    int start = from;
    while (start < to && isSpace(buffer[start])) {
      start++;
    }
    return start;
  }

  private int withoutSpace(int from, int to) {
    int end = to;
    while (end > from && isSpace(buffer[end - 1])) {
      end--;
    }
    return end;
  }

  private static boolean isSpace(byte character) {
    return character == ' ' || character == '\t';
  }
}
