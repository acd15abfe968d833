package dev.weir.allinone.state;

import dev.weir.schemas.layout.CorruptLayoutException;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a snapshot says of itself.
 *
 * <p>Layout: lines of UTF-8 text, {@code weir-snapshot 1} first, then a name, a space and a value
 * in each.
 *
 * @param spans the topic that it was computed from
 * @param windowMillis length of a window
 * @param shards how many shards series are spread over
 * @param completeThroughMillis end of the last window whose samples are out, Unix milliseconds
 * @param offsets by partition of {@code spans}, the first record that is not in it
 * @param stores by name, how many partitions each has
 */
public record Snapshot(
    String spans,
    long windowMillis,
    int shards,
    long completeThroughMillis,
    SortedMap<Integer, Long> offsets,
    SortedMap<String, Integer> stores) {
  private static final String HEADER = "weir-snapshot 1";
  private static final String OFFSET = "offset.";
  private static final String STORE = "store.";

  public Snapshot {
    offsets = Collections.unmodifiableSortedMap(new TreeMap<>(offsets));
    stores = Collections.unmodifiableSortedMap(new TreeMap<>(stores));
  }

  String write() {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    line(text, "spans", spans);
    line(text, "window.ms", windowMillis);
    line(text, "shards", shards);
    line(text, "complete.through.ms", completeThroughMillis);
    offsets.forEach((partition, offset) -> line(text, OFFSET + partition, offset));
    stores.forEach((store, partitions) -> line(text, STORE + store, partitions));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, Object value) {
    text.append(name).append(' ').append(value).append('\n');
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws CorruptLayoutException if it is not that, or of another version
   */
  static Snapshot read(List<String> lines) {
    if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
      throw new CorruptLayoutException(
          "'%s' begins the description of the snapshot; this program reads '%s'"
              .formatted(lines.isEmpty() ? "" : lines.get(0), HEADER));
    }
    TreeMap<String, String> values = new TreeMap<>();
    TreeMap<Integer, Long> offsets = new TreeMap<>();
    TreeMap<String, Integer> stores = new TreeMap<>();
    for (String line : lines.subList(1, lines.size())) {
      int space = line.indexOf(' ');
      String name = line.substring(0, Math.max(0, space));
      String value = line.substring(space + 1);
      if (name.startsWith(OFFSET)) {
        offsets.put(Integer.parseInt(name.substring(OFFSET.length())), Long.parseLong(value));
      } else if (name.startsWith(STORE)) {
        stores.put(name.substring(STORE.length()), Integer.parseInt(value));
      } else {
        values.put(name, value);
      }
    }
    return new Snapshot(
        values.getOrDefault("spans", ""),
        Long.parseLong(values.getOrDefault("window.ms", "")),
        Integer.parseInt(values.getOrDefault("shards", "")),
        Long.parseLong(values.getOrDefault("complete.through.ms", "")),
        offsets,
        stores);
  }
}
