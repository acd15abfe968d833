package dev.weir.allinone.replay;

import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hasher128;
import com.dynatrace.hash4j.hashing.Hashing;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Fingerprints of the records of an outbox, in order: tenant and request, to the bit. Not
 * thread-safe.
 */
final class OutboxPrint implements OutboxReader.Visitor {
  private static final Hasher128 XXH3 = Hashing.xxh3_128();

  private final Map<Integer, List<Mark>> shards = new TreeMap<>();

  /**
   * One record.
   *
   * @param windowEnd the end of its window, Unix milliseconds; that of the record before if it is
   *     nothing that Weir would write
   */
  record Mark(long windowEnd, HashValue128 print) {}

  @Override
  public void record(int shard, String tenant, byte[] key, byte[] request) {
    List<Mark> marks = shards.computeIfAbsent(shard, s -> new ArrayList<>());
    long before = marks.isEmpty() ? 0 : marks.get(marks.size() - 1).windowEnd();
    marks.add(
        new Mark(
            windowEnd(request, before),
            XXH3.hashStream().putByteArray(key).putByteArray(request).get()));
  }

  private static long windowEnd(byte[] request, long otherwise) {
    try {
      long end = OutboxReader.windowEnd(request);
      return end < 0 ? otherwise : end;
    } catch (InvalidProtocolBufferException e) {
      return otherwise;
    }
  }

  /** How many records there are. */
  long size() {
    return shards.values().stream().mapToLong(List::size).sum();
  }

  /** The records of a shard, in order. */
  List<Mark> shard(int shard) {
    return shards.getOrDefault(shard, List.of());
  }

  /** The end of the first window in a shard; 0 if there is none. */
  long firstWindow(int shard) {
    return shard(shard).isEmpty() ? 0 : shard(shard).get(0).windowEnd();
  }
}
