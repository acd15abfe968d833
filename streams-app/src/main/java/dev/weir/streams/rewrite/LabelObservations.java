package dev.weir.streams.rewrite;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
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
 * <p>Layout (version 1): version; number of span names, and the names in order, each behind its
 * length; then for each label, in order, its name behind its length, the number of values, and the
 * values in order, each behind its length. Numbers are {@code uvarint}s.
 */
public final class LabelObservations {
  private static final int VERSION = 1;

  /** Well below what a broker accepts as a record, even if each character takes three bytes. */
  private static final int MOST_CHARACTERS = 256 * 1024;

  private final Set<String> spanNames = new TreeSet<>();
  private final Map<String, Set<String>> values = new TreeMap<>();
  private int characters;

  /** Sees what was observed. */
  interface Visitor {
    void spanName(String name);

    void value(String label, byte[] value);
  }

  void spanName(String name) {
    addTo(spanNames, name);
  }

  void value(String label, String value) {
    addTo(values.computeIfAbsent(label, name -> new TreeSet<>()), value);
  }

  private void addTo(Set<String> seen, String text) {
    if (characters < MOST_CHARACTERS && seen.add(text)) {
      characters += text.length();
    }
  }

  /** Whether there is nothing to tell. */
  public boolean isEmpty() {
    return spanNames.isEmpty() && values.isEmpty();
  }

  /** What was seen, in the layout above; empties it. */
  public byte[] take() {
    ByteWriter writer = new ByteWriter(characters + 64).u8(VERSION);
    write(spanNames, writer);
    values.forEach(
        (label, ofLabel) -> {
          writer.prefixed(utf8(label));
          write(ofLabel, writer);
        });
    spanNames.clear();
    values.clear();
    characters = 0;
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
    if (version != VERSION) {
      throw new CorruptLayoutException(
          "label observations of version %d; this program reads version %d"
              .formatted(version, VERSION));
    }
    int names = reader.uvarint31();
    for (int i = 0; i < names; i++) {
      visitor.spanName(new String(reader.prefixed(), StandardCharsets.UTF_8));
    }
    while (reader.hasMore()) {
      String label = new String(reader.prefixed(), StandardCharsets.UTF_8);
      int count = reader.uvarint31();
      for (int i = 0; i < count; i++) {
        visitor.value(label, reader.prefixed());
      }
    }
  }
}
