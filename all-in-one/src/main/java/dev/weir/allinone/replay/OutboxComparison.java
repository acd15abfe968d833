package dev.weir.allinone.replay;

import com.dynatrace.hash4j.hashing.HashValue128;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Two outboxes, record by record. The replay may have come further than the live one had when it
 * was read; it must not differ where both are.
 *
 * @param compared records that are in both, in the same place, and equal
 * @param missing records of the live outbox that the replay has not made yet
 * @param differences the first place in each partition where they differ, for people
 */
record OutboxComparison(long compared, long missing, List<String> differences) {

  static OutboxComparison of(
      Map<Integer, List<HashValue128>> live, Map<Integer, List<HashValue128>> replay) {
    long compared = 0;
    long missing = 0;
    List<String> differences = new ArrayList<>();
    for (Map.Entry<Integer, List<HashValue128>> partition : live.entrySet()) {
      List<HashValue128> again = replay.getOrDefault(partition.getKey(), List.of());
      int both = Math.min(partition.getValue().size(), again.size());
      int equal = equalPrefix(partition.getValue(), again, both);
      compared += equal;
      missing += partition.getValue().size() - both;
      if (equal < both) {
        differences.add(
            "shard %d: record %d of the outbox differs".formatted(partition.getKey(), equal));
      }
    }
    return new OutboxComparison(compared, missing, differences);
  }

  private static int equalPrefix(List<HashValue128> a, List<HashValue128> b, int length) {
    for (int i = 0; i < length; i++) {
      if (!a.get(i).equals(b.get(i))) {
        return i;
      }
    }
    return length;
  }

  boolean isComplete() {
    return missing == 0 || !differences.isEmpty();
  }

  boolean isEqual() {
    return missing == 0 && differences.isEmpty();
  }
}
