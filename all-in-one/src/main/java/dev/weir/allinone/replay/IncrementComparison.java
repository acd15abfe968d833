package dev.weir.allinone.replay;

import dev.weir.allinone.replay.Growth.Increment;
import dev.weir.allinone.replay.Windows.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Compares two outboxes by what each series grew by in each window, for a replay that does not know
 * what was counted before it. Its first windows are counted apart: they may lack the beginning of a
 * window, and edges whose other half came before. Not thread-safe.
 */
final class IncrementComparison {
  private static final int TOLD = 10;

  private final long fromMillis;
  private final long settledMillis;
  private final long throughMillis;
  private final List<String> differences = new ArrayList<>();
  private long windows;
  private long increments;
  private long different;
  private long firstIncrements;
  private long firstDifferent;
  private long notYet;

  /**
   * @param fromMillis windows that end later are compared, Unix milliseconds
   * @param settledMillis windows that end later must be equal
   * @param throughMillis windows that end later are not compared: the replay has not made them
   */
  IncrementComparison(long fromMillis, long settledMillis, long throughMillis) {
    this.fromMillis = fromMillis;
    this.settledMillis = settledMillis;
    this.throughMillis = throughMillis;
  }

  /** Compares a shard. */
  void shard(Windows live, Windows replay) {
    Optional<Window> once = next(live);
    Optional<Window> again = next(replay);
    while (once.isPresent() || again.isPresent()) {
      long end = Math.min(end(once), end(again));
      boolean inLive = end(once) == end;
      boolean inReplay = end(again) == end;
      if (once.isEmpty() || (inLive && !once.get().isWhole())) {
        notYet++; // the live application has not come so far, or may be writing it
      } else {
        window(
            end,
            inLive ? once.get().growth() : Map.of(),
            inReplay ? again.get().growth() : Map.of());
      }
      once = inLive ? next(live) : once;
      again = inReplay ? next(replay) : again;
    }
  }

  private static long end(Optional<Window> window) {
    return window.map(Window::endMillis).orElse(Long.MAX_VALUE);
  }

  private Optional<Window> next(Windows windows) {
    Optional<Window> next = windows.next();
    while (next.isPresent() && next.get().endMillis() <= fromMillis) {
      next = windows.next();
    }
    return next.filter(window -> window.endMillis() <= throughMillis);
  }

  private void window(long end, Map<String, Increment> live, Map<String, Increment> replay) {
    windows++;
    TreeSet<String> series = new TreeSet<>(live.keySet());
    series.addAll(replay.keySet());
    for (String name : series) {
      Increment once = live.getOrDefault(name, Increment.NONE);
      Increment again = replay.getOrDefault(name, Increment.NONE);
      boolean equal = once.equalsTo(again);
      if (end <= settledMillis) {
        firstIncrements++;
        firstDifferent += equal ? 0 : 1;
      } else {
        increments++;
        different += equal ? 0 : 1;
        if (!equal && differences.size() < TOLD) {
          differences.add(
              "%s grew by %s in the window that ends at %s, and by %s in the replay"
                  .formatted(name, once.by(), Instant.ofEpochMilli(end), again.by()));
        }
      }
    }
  }

  /** Whether everything that must be equal is, and there was something. */
  boolean isEqual() {
    return different == 0;
  }

  /** Whether no window could be compared, so that nothing can be told. */
  boolean isEmpty() {
    return windows == 0;
  }

  /** The first differences, for people. */
  List<String> differences() {
    return differences;
  }

  /** The outcome in a line. */
  String summary() {
    return "%,d windows of shards: %,d increments compared, %,d different; in the first windows, whose edges are half known, %,d compared, %,d different; %,d windows not in the live outbox yet"
        .formatted(windows, increments, different, firstIncrements, firstDifferent, notYet);
  }
}
