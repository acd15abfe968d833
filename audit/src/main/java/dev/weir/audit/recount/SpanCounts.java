package dev.weir.audit.recount;

/**
 * What one record's value holds.
 *
 * @param spans all of them
 * @param invalidUtf8 those with a label that is no text
 * @param halfEdges those that are one side of a call
 * @param skipped whether the record asks that no metrics be made of it
 */
record SpanCounts(long spans, long invalidUtf8, long halfEdges, boolean skipped) {
  static final SpanCounts NONE = new SpanCounts(0, 0, 0, false);

  SpanCounts plus(SpanCounts more) {
    return new SpanCounts(
        spans + more.spans,
        invalidUtf8 + more.invalidUtf8,
        halfEdges + more.halfEdges,
        skipped || more.skipped);
  }
}
