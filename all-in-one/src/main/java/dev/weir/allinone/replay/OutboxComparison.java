package dev.weir.allinone.replay;

import dev.weir.allinone.replay.OutboxPrint.Mark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Two outboxes, record by record, over the windows that both must have. The replay may have come
 * further than the live one; it must not differ where both are.
 *
 * @param compared records that are in both, in the same place, and equal
 * @param missing records of the live outbox that the replay did not make
 * @param differences the first place in each shard where they differ, for people
 */
record OutboxComparison(long compared, long missing, List<String> differences) {

  /**
   * Where a shard is compared.
   *
   * @param after windows that end later than this, Unix milliseconds
   * @param through and not later than this
   */
  record Part(int shard, long after, long through) {
    List<Mark> of(OutboxPrint outbox) {
      return outbox.shard(shard).stream()
          .filter(mark -> mark.windowEnd() > after && mark.windowEnd() <= through)
          .toList();
    }
  }

  static OutboxComparison of(OutboxPrint live, OutboxPrint replay, List<Part> parts) {
    long compared = 0;
    long missing = 0;
    List<String> differences = new ArrayList<>();
    for (Part part : parts) {
      List<Mark> once = part.of(live);
      List<Mark> again = part.of(replay);
      int both = Math.min(once.size(), again.size());
      int equal = equalPrefix(once, again, both);
      compared += equal;
      missing += once.size() - both;
      if (equal < both) {
        differences.add(
            "shard %d: record %d of %d differs, in the window that ends at %s"
                .formatted(
                    part.shard(),
                    equal,
                    once.size(),
                    Instant.ofEpochMilli(once.get(equal).windowEnd())));
      }
    }
    return new OutboxComparison(compared, missing, differences);
  }

  private static int equalPrefix(List<Mark> a, List<Mark> b, int length) {
    for (int i = 0; i < length; i++) {
      if (!a.get(i).equals(b.get(i))) {
        return i;
      }
    }
    return length;
  }

  boolean isEqual() {
    return missing == 0 && differences.isEmpty();
  }
}
