package dev.weir.schemas.key;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;

/**
 * The partition of a trace: every writer of spans uses this function, so the halves of an edge
 * meet. It hashes tenant and trace id with XXH3 (64 bits) and maps the hash to a partition by
 * multiplication. Thread-safe.
 */
public final class TracePartition {
  private static final Hasher64 XXH3 = Hashing.xxh3_64();

  private TracePartition() {}

  /**
   * @param tenant the tenant id, UTF-8
   * @param buffer holds the trace id
   * @param offset where the trace id begins
   * @param length bytes of the trace id; any length is accepted
   * @param partitions number of partitions, at least 1
   * @return from 0 to {@code partitions - 1}
   */
  public static int of(byte[] tenant, byte[] buffer, int offset, int length, int partitions) {
    long hash =
        XXH3.hashBytesToLong(buffer, offset, length) * 0x9E3779B97F4A7C15L
            ^ XXH3.hashBytesToLong(tenant);
    hash ^= hash >>> 32;
    return (int) (((hash & 0xFFFFFFFFL) * partitions) >>> 32);
  }
}
