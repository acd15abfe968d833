package dev.weir.ingester.segment;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The layout of an interim trace segment, version 1. One object holds the records of one tenant in
 * an offset range of one partition; numbers are big endian and unsigned.
 *
 * <pre>
 * header   "WSEG"                        4 bytes
 *          version = 1                   1
 * pages    zstd frames, back to back; a page's content is whole records, in offset order:
 *            length                      4
 *            OTLP TracesData             length
 * index    pages                         4
 *          per page: offset              8    from the object's beginning
 *                    compressed length   4
 *                    length              4
 *                    CRC-32C             4    of the compressed bytes
 *          traces                        4
 *          per trace: id                 16   ascending
 *          per trace and once more:
 *                    postings before     4
 *          postings: page number         4    ascending within a trace
 * filter   Bloom filter of the ids ({@link IdFilter}), 8 bytes a word
 * footer   index offset                  8    the index ends where the filter begins
 *          index length                  4
 *          index CRC-32C                 4
 *          filter length                 4    the filter ends where the footer begins
 *          filter CRC-32C                4
 *          footer CRC-32C                4    of the 24 bytes before
 *          version = 1                   1
 *          "WSEG"                        4
 * </pre>
 *
 * <p>Index and filter stand behind the pages so that a segment can be written in one pass, and in
 * the same object so that there is no moment at which only one of them exists. A look-up reads
 * footer and filter (both are cached); if the filter lets the id pass, the index; if the index has
 * the id, the pages it names.
 */
final class SegmentLayout {
  static final byte VERSION = 1;
  static final byte[] MAGIC = "WSEG".getBytes(StandardCharsets.US_ASCII);
  static final int HEADER_BYTES = 5;
  static final int FOOTER_BYTES = 33;

  /** Bytes of the footer that its checksum covers. */
  static final int FOOTER_CHECKED_BYTES = 24;

  static final int PAGE_ENTRY_BYTES = 20;

  private SegmentLayout() {}

  static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
