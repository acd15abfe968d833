package dev.weir.streams.rewrite;

import java.util.Map;
import java.util.TreeMap;

/**
 * All changes of what was learned of one tenant's labels, each from its window on. What they come
 * to is made when it is asked for, and of the latest windows it is remembered. Not thread-safe.
 */
public final class RewriteHistory {
  private static final int REMEMBERED = 4;

  /** By window and number. */
  private final TreeMap<Long, TreeMap<Long, RewriteChange>> changes = new TreeMap<>();

  private final TreeMap<Long, LabelRewrites> remembered = new TreeMap<>();

  /**
   * Adds the newest change.
   *
   * @param window from which on it is in force, not before that of its predecessor
   * @param number of its version
   */
  public void add(long window, long number, RewriteChange change) {
    changes.computeIfAbsent(window, key -> new TreeMap<>()).put(number, change);
    remembered.remove(window);
  }

  /** What is in force in a window. */
  public LabelRewrites at(long window) {
    Long from = changes.floorKey(window);
    if (from == null) {
      return LabelRewrites.NONE;
    }
    Map.Entry<Long, LabelRewrites> nearest = remembered.floorEntry(from);
    LabelRewrites made = nearest == null ? LabelRewrites.NONE : nearest.getValue();
    long through = nearest == null ? Long.MIN_VALUE : nearest.getKey();
    for (Map<Long, RewriteChange> ofWindow : changes.subMap(through, false, from, true).values()) {
      for (Map.Entry<Long, RewriteChange> change : ofWindow.entrySet()) {
        made = change.getValue().applyTo(made, change.getKey());
      }
    }
    remembered.put(from, made);
    if (remembered.size() > REMEMBERED) {
      remembered.pollFirstEntry();
    }
    return made;
  }

  /** What is in force once all changes are. */
  public LabelRewrites newest() {
    return at(Long.MAX_VALUE);
  }
}
