package dev.weir.allinone.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Numbers of all operations and edges; one that is missing has none. */
record Totals(SortedMap<Operation, OperationTotals> operations, SortedMap<Edge, EdgeTotals> edges) {

  Totals {
    operations = Collections.unmodifiableSortedMap(new TreeMap<>(operations));
    edges = Collections.unmodifiableSortedMap(new TreeMap<>(edges));
  }

  /** What is not the same in what was received; empty if it is equal. */
  List<String> differencesTo(Totals received) {
    List<String> differences = new ArrayList<>();
    compare("operation", operations, received.operations, OperationTotals.ZERO, differences);
    compare("edge", edges, received.edges, EdgeTotals.ZERO, differences);
    return differences;
  }

  private static <K extends Comparable<K>, T> void compare(
      String what,
      SortedMap<K, T> sent,
      SortedMap<K, T> received,
      T nothing,
      List<String> differences) {
    TreeSet<K> keys = new TreeSet<>(sent.keySet());
    keys.addAll(received.keySet());
    for (K key : keys) {
      T expected = sent.getOrDefault(key, nothing);
      T actual = received.getOrDefault(key, nothing);
      if (!expected.equals(actual)) {
        differences.add("%s %s: sent %s, received %s".formatted(what, key, expected, actual));
      }
    }
  }
}
