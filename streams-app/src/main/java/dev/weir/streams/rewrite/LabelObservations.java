package dev.weir.streams.rewrite;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.cardinality.Sketch;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a task saw of one tenant's labels that could teach the learner something, each once since it
 * was last taken. What does not fit is left out, and seen again when its label set is. Not
 * thread-safe.
 *
 * <p>Layout (version 2): version; number of span names, and the names in order, each behind its
 * length; number of labels; for each label, in order, its name behind its length, the number of
 * values, and the values in order, each behind its length; then two {@link Sketch}es of label sets,
 * as they were and with templates applied. Numbers are {@code uvarint}s. Version 1 has neither the
 * number of labels nor sketches.
 */
public final class LabelObservations {
  private static final int VERSION = 2;

  /** Well below what a broker accepts as a record, even if each character takes three bytes. */
  private static final int MOST_CHARACTERS = 256 * 1024;

  private static final int LONGEST_TEXT = 8 * 1024;

  private final Set<String> spanNames = new TreeSet<>();
  private final Map<String, Set<String>> values = new TreeMap<>();
  private int characters;
  private Sketch before = new Sketch();
  private Sketch after = new Sketch();
  private long labelSet;
  private long templatedLabelSet;
  private long templated;
  private Map<String, Long> limited = new TreeMap<>();

  /** Sees what was observed. */
  interface Visitor {
    void spanName(String name);

    void value(String label, byte[] value);

    /** Label sets as they were, and with templates applied. Not called for layouts of version 1. */
    void labelSets(Sketch before, Sketch after);
  }

  void spanName(String name) {
    addTo(spanNames, name);
  }

  void value(String label, String value) {
    addTo(values.computeIfAbsent(label, name -> new TreeSet<>()), value);
  }

  private void addTo(Set<String> seen, String text) {
    if (characters < MOST_CHARACTERS && text.length() <= LONGEST_TEXT && seen.add(text)) {
      characters += text.length();
    }
  }

  /** The labels that follow are those of another label set. */
  void beginLabelSet() {
    if (labelSet != 0) {
      before.add(labelSet);
      after.add(templatedLabelSet);
    }
    labelSet = 0;
    templatedLabelSet = 0;
  }

  /**
   * A label of the set that began last.
   *
   * @param template the value with templates applied; the same array if there is none
   */
  void label(byte[] name, byte[] value, byte[] template) {
    long label = AllowedValues.hash(name, 0, name.length);
    long hash = AllowedValues.hash(value, 0, value.length);
    labelSet = 31 * (31 * labelSet + label) + hash;
    templatedLabelSet =
        31 * (31 * templatedLabelSet + label)
            + (template == value ? hash : AllowedValues.hash(template, 0, template.length));
  }

  /** A label set has a span name that fits a template. */
  void templated() {
    templated++;
  }

  /** A label set does not keep the value of a label. */
  void limited(String label) {
    limited.merge(label, 1L, Long::sum);
  }

  /** How often labels were rewritten since this was last called. */
  public RewriteCounts takeCounts() {
    RewriteCounts taken = new RewriteCounts(templated, limited);
    templated = 0;
    limited = new TreeMap<>();
    return taken;
  }

  /** Whether there is nothing to tell. */
  public boolean isEmpty() {
    return spanNames.isEmpty() && values.isEmpty() && labelSet == 0 && before.isEmpty();
  }

  /** What was seen, in the layout above; empties it. */
  public byte[] take() {
    beginLabelSet();
    ByteWriter writer = new ByteWriter(characters + 64).u8(VERSION);
    write(spanNames, writer);
    writer.uvarint(values.size());
    values.forEach(
        (label, ofLabel) -> {
          writer.prefixed(utf8(label));
          write(ofLabel, writer);
        });
    before.write(writer);
    after.write(writer);
    spanNames.clear();
    values.clear();
    characters = 0;
    before = new Sketch();
    after = new Sketch();
    return writer.toByteArray();
  }

  private static void write(Set<String> texts, ByteWriter writer) {
    writer.uvarint(texts.size());
    texts.forEach(text -> writer.prefixed(utf8(text)));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads the layout above.
   *
   * @throws CorruptLayoutException if the version is not known
   */
  static void read(byte[] written, Visitor visitor) {
    ByteReader reader = new ByteReader().reset(written);
    int version = reader.u8();
    if (version < 1 || version > VERSION) {
      throw new CorruptLayoutException(
          "label observations of version %d; this program reads versions 1 to %d"
              .formatted(version, VERSION));
    }
    int names = reader.uvarint31();
    for (int i = 0; i < names; i++) {
      visitor.spanName(new String(reader.prefixed(), StandardCharsets.UTF_8));
    }
    int labels = version > 1 ? reader.uvarint31() : Integer.MAX_VALUE;
    for (int i = 0; i < labels && reader.hasMore(); i++) {
      readValues(reader, visitor);
    }
    if (version > 1) {
      visitor.labelSets(Sketch.read(reader), Sketch.read(reader));
    }
  }

  private static void readValues(ByteReader reader, Visitor visitor) {
    String label = new String(reader.prefixed(), StandardCharsets.UTF_8);
    int count = reader.uvarint31();
    for (int i = 0; i < count; i++) {
      visitor.value(label, reader.prefixed());
    }
  }
}
