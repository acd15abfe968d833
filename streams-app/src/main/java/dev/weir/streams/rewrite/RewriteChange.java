package dev.weir.streams.rewrite;

import dev.weir.streams.drain.SpanNameTemplates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * What a version changes of what was learned of one tenant's labels. Versions are kept for ever, so
 * they hold changes and not all there is.
 *
 * <p>Its form, made of what JSON has: {@code templates} and {@code templates_gone}, see {@link
 * SpanNameTemplates}; {@code limited}, for each label the hashes that it keeps from now on, {@code
 * limited_gone}, those that it no longer keeps, 16 hexadecimal digits each; {@code unlimited}, the
 * labels that keep all values again. What is empty is left out.
 *
 * @param added templates
 * @param removed templates
 * @param limited for each label that is limited or whose limits change, the values that it keeps
 *     beside those that it kept before
 * @param dropped for each of these the values that it no longer keeps, if any
 * @param unlimited labels
 */
public record RewriteChange(
    SpanNameTemplates added,
    SpanNameTemplates removed,
    Map<String, AllowedValues> limited,
    Map<String, AllowedValues> dropped,
    Set<String> unlimited) {
  private static final String ADDED = "templates";
  private static final String REMOVED = "templates_gone";
  private static final String LIMITED = "limited";
  private static final String DROPPED = "limited_gone";
  private static final String UNLIMITED = "unlimited";

  /** What a hash takes in JSON. */
  private static final int CHARACTERS_OF_HASH = 19;

  public RewriteChange {
    limited = Map.copyOf(limited);
    dropped = Map.copyOf(dropped);
    unlimited = Set.copyOf(unlimited);
  }

  /**
   * What makes one out of the other, or a part of it: no templates go before those in their place
   * have come.
   *
   * @param mostCharacters how long the form of what comes may be; at least that of the largest
   *     limit
   */
  static RewriteChange between(LabelRewrites before, LabelRewrites after, int mostCharacters) {
    SpanNameTemplates missing = after.templates().minus(before.templates());
    SpanNameTemplates added = missing.within(mostCharacters);
    SpanNameTemplates removed =
        added.equals(missing)
            ? before.templates().minus(after.templates())
            : SpanNameTemplates.NONE;
    int left = mostCharacters - added.characters();
    Map<String, AllowedValues> limited = new TreeMap<>();
    Map<String, AllowedValues> dropped = new TreeMap<>();
    for (Map.Entry<String, AllowedValues> label : new TreeMap<>(after.limited()).entrySet()) {
      AllowedValues known = before.limited().get(label.getKey());
      AllowedValues had = known == null ? AllowedValues.NONE : known;
      AllowedValues more = label.getValue().minus(had);
      boolean hasChanged = known == null || !known.equals(label.getValue());
      if (hasChanged && more.size() * CHARACTERS_OF_HASH <= left) {
        left -= more.size() * CHARACTERS_OF_HASH;
        limited.put(label.getKey(), more);
        putIfAny(dropped, label.getKey(), had.minus(label.getValue()));
      }
    }
    Set<String> unlimited = new TreeSet<>(before.limited().keySet());
    unlimited.removeAll(after.limited().keySet());
    return new RewriteChange(added, removed, limited, dropped, unlimited);
  }

  private static void putIfAny(
      Map<String, AllowedValues> values, String label, AllowedValues ofLabel) {
    if (ofLabel.size() > 0) {
      values.put(label, ofLabel);
    }
  }

  /** How long the form of what comes is, about, in characters. */
  int characters() {
    int hashes = limited.values().stream().mapToInt(AllowedValues::size).sum();
    return added.characters() + hashes * CHARACTERS_OF_HASH;
  }

  /** Whether nothing changes. */
  boolean isEmpty() {
    return added.isEmpty() && removed.isEmpty() && limited.isEmpty() && unlimited.isEmpty();
  }

  /**
   * What is in force after this change.
   *
   * @param number of the version that brings it
   */
  LabelRewrites applyTo(LabelRewrites before, long number) {
    SpanNameTemplates templates =
        added.isEmpty() && removed.isEmpty()
            ? before.templates()
            : before.templates().minus(removed).plus(added);
    Map<String, AllowedValues> all = new TreeMap<>(before.limited());
    all.keySet().removeAll(unlimited);
    limited.forEach(
        (label, more) ->
            all.put(
                label,
                all.getOrDefault(label, AllowedValues.NONE)
                    .minus(dropped.getOrDefault(label, AllowedValues.NONE))
                    .plus(more)));
    return new LabelRewrites(number, templates, all);
  }

  /** The form above. */
  public Map<String, Object> write() {
    Map<String, Object> form = new LinkedHashMap<>();
    if (!added.isEmpty()) {
      form.put(ADDED, added.write());
    }
    if (!removed.isEmpty()) {
      form.put(REMOVED, removed.write());
    }
    putIfAny(form, LIMITED, limited);
    putIfAny(form, DROPPED, dropped);
    if (!unlimited.isEmpty()) {
      form.put(UNLIMITED, new ArrayList<>(new TreeSet<>(unlimited)));
    }
    return form;
  }

  private static void putIfAny(
      Map<String, Object> form, String name, Map<String, AllowedValues> values) {
    if (!values.isEmpty()) {
      Map<String, Object> byLabel = new TreeMap<>();
      values.forEach(
          (label, ofLabel) ->
              byLabel.put(
                  label, LongStream.of(ofLabel.hashes()).mapToObj(RewriteChange::hex).toList()));
      form.put(name, byLabel);
    }
  }

  private static String hex(long hash) {
    return "%016x".formatted(hash);
  }

  /**
   * Reads the form above.
   *
   * @throws ClassCastException if it is none
   * @throws IllegalArgumentException if it says more than this program understands
   */
  public static RewriteChange read(Map<?, ?> form) {
    Set<Object> unknown = new java.util.HashSet<>(form.keySet());
    unknown.removeAll(Arrays.asList(ADDED, REMOVED, LIMITED, DROPPED, UNLIMITED));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("unknown: " + unknown);
    }
    Set<String> unlimited = new TreeSet<>();
    list(form, UNLIMITED).forEach(label -> unlimited.add((String) label));
    return new RewriteChange(
        SpanNameTemplates.read(list(form, ADDED)),
        SpanNameTemplates.read(list(form, REMOVED)),
        values(form, LIMITED),
        values(form, DROPPED),
        unlimited);
  }

  private static List<?> list(Map<?, ?> form, String name) {
    Object list = form.get(name);
    return list == null ? List.of() : (List<?>) list;
  }

  private static Map<String, AllowedValues> values(Map<?, ?> form, String name) {
    Map<String, AllowedValues> values = new TreeMap<>();
    if (form.get(name) instanceof Map<?, ?> byLabel) {
      byLabel.forEach(
          (label, hashes) ->
              values.put(
                  (String) label,
                  AllowedValues.of(
                      ((List<?>) hashes)
                          .stream().mapToLong(hash -> Long.parseUnsignedLong((String) hash, 16)))));
    }
    return values;
  }
}
