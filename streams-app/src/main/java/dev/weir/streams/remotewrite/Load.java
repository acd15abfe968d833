package dev.weir.streams.remotewrite;

/** How much the lanes of a shard hold in memory. Not thread-safe. */
final class Load {
  static final int MAX_RECORDS = 64;
  private static final long MAX_BYTES = 8L << 20;

  private int records;
  private long bytes;

  void add(int size) {
    records++;
    bytes += size;
  }

  void remove(int size) {
    records--;
    bytes -= size;
  }

  int records() {
    return records;
  }

  /** Whether nothing more should be read. */
  boolean isFull() {
    return records >= MAX_RECORDS || bytes >= MAX_BYTES;
  }

  /** Whether nothing more should be read a second time, which leaves room for what is new. */
  boolean isHalfFull() {
    return records >= MAX_RECORDS / 2 || bytes >= MAX_BYTES / 2;
  }
}
