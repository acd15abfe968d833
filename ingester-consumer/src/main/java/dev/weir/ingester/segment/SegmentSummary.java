package dev.weir.ingester.segment;

/**
 * What is kept of a segment between look-ups.
 *
 * @param indexOffset where its index begins
 * @param indexLength of the index, in bytes
 * @param indexChecksum of the index
 * @param filter of its trace ids
 */
record SegmentSummary(long indexOffset, int indexLength, int indexChecksum, IdFilter filter) {
  /** Heap that it takes, about, in bytes. */
  int heapBytes() {
    return 200 + filter.sizeBytes();
  }
}
