package dev.weir.ingester.segment;

import java.util.List;

/**
 * What a look-up in all segments of a tenant found.
 *
 * @param records {@code TracesData} that hold the trace's spans, and maybe others
 * @param bytesRead from the backend
 * @param unreadable segments that could not be looked into since they are corrupt
 */
public record SegmentMatches(List<byte[]> records, long bytesRead, int unreadable) {
  public SegmentMatches {
    records = List.copyOf(records);
  }
}
