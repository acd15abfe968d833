package dev.weir.distributor.distribution;

import dev.weir.distributor.validation.SpanIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the accepted spans of one request are, in the order they came, and what they belong to.
 * Holds positions, not copies, but for spans that had to be encoded anew.
 */
final class SpanTable {
  /** What a span without status is copied with. */
  static final byte[] EMPTY_STATUS = {(15 << 3) | 2, 0};

  private static final byte AS_IT_IS = 0;
  private static final byte WITHOUT_STATUS = 1;
  private static final byte ENCODED_ANEW = 2;

  final byte[] body;
  private final WireBuffer anew = new WireBuffer(0);
  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private int[] traceIds = new int[64];
  private int[] scopes = new int[64];
  private byte[] forms = new byte[64];
  private int count;

  // what surrounds the spans, as bytes of ScopeSpans and ResourceSpans without their repeated part
  private final List<byte[]> scopeFrames = new ArrayList<>();
  private final List<byte[]> resourceFrames = new ArrayList<>();
  private int[] resourceOfScope = new int[16];

  SpanTable(byte[] body) {
    this.body = body;
  }

  int count() {
    return count;
  }

  int scope(int span) {
    return scopes[span];
  }

  int resource(int span) {
    return resourceOfScope[scopes[span]];
  }

  byte[] scopeFrame(int span) {
    return scopeFrames.get(scopes[span]);
  }

  byte[] resourceFrame(int span) {
    return resourceFrames.get(resource(span));
  }

  /** Where the trace id begins in {@link #body}; it has {@link SpanIds#TRACE_ID_BYTES}. */
  int traceId(int span) {
    return traceIds[span];
  }

  /** Bytes of the span's message. */
  int size(int span) {
    int size = ends[span] - starts[span];
    return forms[span] == WITHOUT_STATUS ? size + EMPTY_STATUS.length : size;
  }

  void write(int span, WireBuffer out) {
    out.putBytes(forms[span] == ENCODED_ANEW ? anew.array() : body, starts[span], ends[span]);
    if (forms[span] == WITHOUT_STATUS) {
      out.putBytes(EMPTY_STATUS);
    }
  }

  int openResource() {
    resourceFrames.add(new byte[0]);
    return resourceFrames.size() - 1;
  }

  void closeResource(int resource, byte[] frame) {
    resourceFrames.set(resource, frame);
  }

  int openScope(int resource) {
    int scope = scopeFrames.size();
    if (scope == resourceOfScope.length) {
      resourceOfScope = Arrays.copyOf(resourceOfScope, 2 * scope);
    }
    resourceOfScope[scope] = resource;
    scopeFrames.add(new byte[0]);
    return scope;
  }

  void closeScope(int scope, byte[] frame) {
    scopeFrames.set(scope, frame);
  }

  void addCopied(int scope, int traceId, int start, int end, boolean hasStatus) {
    add(scope, traceId, start, end, hasStatus ? AS_IT_IS : WITHOUT_STATUS);
  }

  void addEncodedAnew(int scope, int traceId, WireBuffer span) {
    int start = anew.length();
    anew.putBytes(span.array(), 0, span.length());
    add(scope, traceId, start, anew.length(), ENCODED_ANEW);
  }

  private void add(int scope, int traceId, int start, int end, byte form) {
    if (count == starts.length) {
      grow(2 * count);
    }
    scopes[count] = scope;
    traceIds[count] = traceId;
    starts[count] = start;
    ends[count] = end;
    forms[count] = form;
    count++;
  }

  private void grow(int capacity) {
    scopes = Arrays.copyOf(scopes, capacity);
    traceIds = Arrays.copyOf(traceIds, capacity);
    starts = Arrays.copyOf(starts, capacity);
    ends = Arrays.copyOf(ends, capacity);
    forms = Arrays.copyOf(forms, capacity);
  }
}
