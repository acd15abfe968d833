package dev.weir.distributor.distribution;

import dev.weir.distributor.validation.SpanFault;
import dev.weir.distributor.validation.SpanIds;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.WireReader;
import java.util.Arrays;

/** Reads one ExportTraceServiceRequest and notes where its spans are. */
final class RequestScanner {
  private static final int NONE = -1;
  private static final int RESOURCE = 1;
  private static final int SCOPE_SPANS = 2;
  private static final int SCOPE = 1;
  private static final int SPANS = 2;
  private static final int SCHEMA_URL = 3;

  private final WireReader reader = new WireReader();
  private final MessageWalker walker = new MessageWalker(reader);
  private final Rejections rejections = new Rejections();
  private final SpanTable table;
  private final WireBuffer resourceFrame = new WireBuffer(512);
  private final WireBuffer scopeFrame = new WireBuffer(128);

  // where we are: indices as in the request, and as in the table (NONE until a span is accepted)
  private int resourceIndex;
  private int scopeIndex;
  private int spanIndex;
  private int resource;
  private int scope;
  private int spans;

  private RequestScanner(byte[] body) {
    table = new SpanTable(body);
    reader.reset(body, 0, body.length);
  }

  /**
   * @throws MalformedOtlpException if any byte, down to the last attribute, is not what it should
   *     be
   */
  static ScannedRequest scan(byte[] body) throws MalformedOtlpException {
    RequestScanner scanner = new RequestScanner(body);
    scanner.request();
    return new ScannedRequest(scanner.table, scanner.rejections, scanner.spans);
  }

  private void request() throws MalformedOtlpException {
    while (reader.hasMore()) {
      int tag = OtlpMessage.REQUEST.readTag(reader);
      if (OtlpMessage.REQUEST.child(tag >>> 3) == null) {
        reader.skip(tag);
      } else {
        int outer = walker.enter();
        resourceSpans();
        walker.leave(outer);
        resourceIndex++;
      }
    }
  }

  private void resourceSpans() throws MalformedOtlpException {
    resource = NONE;
    scopeIndex = 0;
    resourceFrame.clear();
    boolean hasResource = false;
    while (reader.hasMore()) {
      int start = reader.position();
      int tag = OtlpMessage.RESOURCE_SPANS.readTag(reader);
      switch (tag >>> 3) {
        case RESOURCE -> {
          frameMessage(OtlpMessage.RESOURCE, RESOURCE, start, resourceFrame);
          hasResource = true;
        }
        case SCOPE_SPANS -> {
          int outer = walker.enter();
          scopeSpans();
          walker.leave(outer);
          scopeIndex++;
        }
        default -> frameField(tag, start, resourceFrame);
      }
    }
    if (resource != NONE) {
      table.closeResource(resource, framed(resourceFrame, hasResource, RESOURCE));
    }
  }

  private void scopeSpans() throws MalformedOtlpException {
    scope = NONE;
    spanIndex = 0;
    scopeFrame.clear();
    boolean hasScope = false;
    while (reader.hasMore()) {
      int start = reader.position();
      int tag = OtlpMessage.SCOPE_SPANS.readTag(reader);
      switch (tag >>> 3) {
        case SCOPE -> {
          frameMessage(OtlpMessage.SCOPE, SCOPE, start, scopeFrame);
          hasScope = true;
        }
        case SPANS -> {
          int outer = walker.enter();
          span();
          walker.leave(outer);
          spanIndex++;
        }
        default -> frameField(tag, start, scopeFrame);
      }
    }
    if (scope != NONE) {
      table.closeScope(scope, framed(scopeFrame, hasScope, SCOPE));
    }
  }

  /** Unknown fields of what is repeated are left out; the schema's URL is kept. */
  private void frameField(int tag, int start, WireBuffer frame) throws MalformedOtlpException {
    reader.skip(tag);
    if (tag >>> 3 == SCHEMA_URL) {
      frame.putBytes(reader.buffer(), start, reader.position());
    }
  }

  private void frameMessage(OtlpMessage message, int field, int start, WireBuffer frame)
      throws MalformedOtlpException {
    int outer = walker.enter();
    int content = reader.position();
    boolean complete = walker.walk(message);
    int end = reader.position();
    walker.leave(outer);
    if (complete) {
      frame.putBytes(reader.buffer(), start, end);
    } else {
      frame.putField(field, Completion.of(message, reader.buffer(), content, end, true));
    }
  }

  private static byte[] framed(WireBuffer frame, boolean hasMessage, int field) {
    if (!hasMessage) {
      frame.putEmptyMessage(field);
    }
    return Arrays.copyOf(frame.array(), frame.length());
  }

  private void span() throws MalformedOtlpException {
    int start = reader.position();
    int end = reader.limit();
    int traceId = start;
    int traceIdLength = 0;
    int spanId = start;
    int spanIdLength = 0;
    int parentId = start;
    int parentIdLength = 0;
    boolean hasStatus = false;
    boolean complete = true;
    while (reader.hasMore()) {
      int tag = OtlpMessage.SPAN.readTag(reader);
      switch (tag >>> 3) {
        case 1 -> {
          traceIdLength = reader.readLength();
          traceId = reader.position();
          reader.skipBytes(traceIdLength);
        }
        case 2 -> {
          spanIdLength = reader.readLength();
          spanId = reader.position();
          reader.skipBytes(spanIdLength);
        }
        case 4 -> {
          parentIdLength = reader.readLength();
          parentId = reader.position();
          reader.skipBytes(parentIdLength);
        }
        case 9 -> complete &= walker.walkNested(OtlpMessage.KEY_VALUE);
        case 11 -> complete &= walker.walkNested(OtlpMessage.EVENT);
        case 13 -> complete &= walker.walkNested(OtlpMessage.LINK);
        case 15 -> hasStatus |= walker.walkNested(OtlpMessage.STATUS);
        default -> reader.skip(tag);
      }
    }
    spans++;
    if (isRejected(traceId, traceIdLength, spanId, spanIdLength, parentIdLength)) {
      return;
    }
    openIfFirst();
    boolean zeroParent =
        parentIdLength > 0 && SpanIds.isZero(reader.buffer(), parentId, parentIdLength);
    if (complete && !zeroParent) {
      table.addCopied(scope, traceId, start, end, hasStatus);
    } else {
      table.addEncodedAnew(
          scope,
          traceId,
          Completion.of(OtlpMessage.SPAN, reader.buffer(), start, end, !zeroParent));
    }
  }

  private boolean isRejected(
      int traceId, int traceIdLength, int spanId, int spanIdLength, int parentIdLength) {
    SpanFault fault = SpanIds.faultOfTraceId(reader.buffer(), traceId, traceIdLength);
    int length = traceIdLength;
    if (fault == null) {
      fault = SpanIds.faultOfSpanId(reader.buffer(), spanId, spanIdLength);
      length = spanIdLength;
    }
    if (fault == null) {
      fault = SpanIds.faultOfParentSpanId(parentIdLength);
      length = parentIdLength;
    }
    if (fault != null) {
      rejections.add(fault, where(), length);
    }
    return fault != null;
  }

  private String where() {
    return rejections.total() > 0 // only the first is told
        ? ""
        : "resource_spans[%d].scope_spans[%d].spans[%d]"
            .formatted(resourceIndex, scopeIndex, spanIndex);
  }

  private void openIfFirst() {
    if (resource == NONE) {
      resource = table.openResource();
    }
    if (scope == NONE) {
      scope = table.openScope(resource);
    }
  }
}
