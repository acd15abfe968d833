package dev.weir.distributor.distribution;

import dev.weir.distributor.validation.SpanIds;

/**
 * Encodes some spans of a table as an OTLP {@code TracesData}, each resource and scope once for the
 * spans of it that follow each other. Sizes are computed before bytes are written, so that nothing
 * is encoded twice or copied again.
 */
final class TracesEncoder {
  private static final int RESOURCE_SPANS = 1;
  private static final int SCOPE_SPANS = 2;
  private static final int SPANS = 2;

  /** Most that the headers of a field take: a tag and a length. */
  private static final long HEADER = 6;

  private final SpanTable table;
  private final int[] order;

  /**
   * @param order spans of the table; those that are encoded together stand together
   */
  TracesEncoder(SpanTable table, int[] order) {
    this.table = table;
    this.order = order;
  }

  /** Bytes that {@code order[at]} adds at most to spans that end with {@code order[at - 1]}. */
  long bound(int at, boolean isFirst) {
    int span = order[at];
    long bytes = table.size(span) + HEADER;
    if (isFirst || table.scope(span) != table.scope(order[at - 1])) {
      bytes += table.scopeFrame(span).length + HEADER;
    }
    if (isFirst || table.resource(span) != table.resource(order[at - 1])) {
      bytes += table.resourceFrame(span).length + HEADER;
    }
    return bytes;
  }

  /** Bytes of {@code order[from, to)}, encoded. */
  long size(int from, int to) {
    long size = 0;
    for (int start = from; start < to; ) {
      int end = endOfResource(start, to);
      size += WireBuffer.sizeOfField(sizeOfResource(start, end));
      start = end;
    }
    return size;
  }

  void write(int from, int to, WireBuffer out) {
    for (int start = from; start < to; ) {
      int end = endOfResource(start, to);
      out.putFieldHeader(RESOURCE_SPANS, (int) sizeOfResource(start, end));
      out.putBytes(table.resourceFrame(order[start]));
      writeScopes(start, end, out);
      start = end;
    }
  }

  /** The trace id of {@code order[at]}, without a header. */
  void writeTraceId(int at, WireBuffer out) {
    int id = table.traceId(order[at]);
    out.putBytes(table.body, id, id + SpanIds.TRACE_ID_BYTES);
  }

  private void writeScopes(int from, int to, WireBuffer out) {
    for (int start = from; start < to; ) {
      int end = endOfScope(start, to);
      out.putFieldHeader(SCOPE_SPANS, (int) sizeOfScope(start, end));
      out.putBytes(table.scopeFrame(order[start]));
      for (int i = start; i < end; i++) {
        out.putFieldHeader(SPANS, table.size(order[i]));
        table.write(order[i], out);
      }
      start = end;
    }
  }

  private long sizeOfResource(int from, int to) {
    long size = table.resourceFrame(order[from]).length;
    for (int start = from; start < to; ) {
      int end = endOfScope(start, to);
      size += WireBuffer.sizeOfField(sizeOfScope(start, end));
      start = end;
    }
    return size;
  }

  private long sizeOfScope(int from, int to) {
    long size = table.scopeFrame(order[from]).length;
    for (int i = from; i < to; i++) {
      size += WireBuffer.sizeOfField(table.size(order[i]));
    }
    return size;
  }

  private int endOfResource(int from, int to) {
    int resource = table.resource(order[from]);
    int end = from + 1;
    while (end < to && table.resource(order[end]) == resource) {
      end++;
    }
    return end;
  }

  private int endOfScope(int from, int to) {
    int scope = table.scope(order[from]);
    int end = from + 1;
    while (end < to && table.scope(order[end]) == scope) {
      end++;
    }
    return end;
  }
}
