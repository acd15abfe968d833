package dev.weir.ingester.segment;

import dev.weir.ingester.trace.TraceId;
import java.nio.ByteBuffer;

/** The index of one segment, over its bytes as they stand; they have passed their checksum. */
final class SegmentIndex {
  private final ByteBuffer bytes;
  private final int traces;
  private final int ids;
  private final int starts;
  private final int postings;

  SegmentIndex(byte[] index) {
    bytes = ByteBuffer.wrap(index);
    int tracesAt = Integer.BYTES + bytes.getInt(0) * SegmentLayout.PAGE_ENTRY_BYTES;
    traces = bytes.getInt(tracesAt);
    ids = tracesAt + Integer.BYTES;
    starts = ids + traces * TraceId.BYTES;
    postings = starts + (traces + 1) * Integer.BYTES;
  }

  /** The pages that hold spans of a trace, ascending. */
  int[] pagesOf(TraceId id) {
    int found = position(id);
    if (found < 0) {
      return new int[0];
    }
    int first = bytes.getInt(starts + found * Integer.BYTES);
    int[] pages = new int[bytes.getInt(starts + (found + 1) * Integer.BYTES) - first];
    for (int i = 0; i < pages.length; i++) {
      pages[i] = bytes.getInt(postings + (first + i) * Integer.BYTES);
    }
    return pages;
  }

  Page page(int number) {
    int at = Integer.BYTES + number * SegmentLayout.PAGE_ENTRY_BYTES;
    return new Page(
        bytes.getLong(at), bytes.getInt(at + 8), bytes.getInt(at + 12), bytes.getInt(at + 16));
  }

  /** Binary search; negative if the trace is not there. */
  private int position(TraceId id) {
    int low = 0;
    int high = traces - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = idAt(middle).compareTo(id);
      if (order == 0) {
        return middle;
      }
      low = order < 0 ? middle + 1 : low;
      high = order < 0 ? high : middle - 1;
    }
    return -1;
  }

  private TraceId idAt(int number) {
    int at = ids + number * TraceId.BYTES;
    return new TraceId(bytes.getLong(at), bytes.getLong(at + Long.BYTES));
  }

  /**
   * Where a page is.
   *
   * @param offset from the object's beginning
   * @param compressedLength its length there
   * @param length its length after decompression
   * @param checksum of the compressed bytes
   */
  record Page(long offset, int compressedLength, int length, int checksum) {}
}
