package dev.weir.streams.rewrite;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.streams.drain.SpanNameTemplates;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One version of what was learned of a tenant's labels.
 *
 * <p>Layout (version 1): version; number; {@link SpanNameTemplates} behind their length; number of
 * limited labels; for each, in order, its name behind its length, the number of values that it
 * keeps, and their hashes in ascending order (8 bytes each). Numbers are {@code uvarint}s.
 *
 * @param number from 1, one more than that of the version before
 * @param templates of span names
 * @param limited the labels that have too many values, each with those that it keeps
 */
public record LabelRewrites(
    long number, SpanNameTemplates templates, Map<String, AllowedValues> limited) {
  /** What is in force as long as nothing was learned. */
  public static final LabelRewrites NONE = new LabelRewrites(0, SpanNameTemplates.NONE, Map.of());

  private static final int VERSION = 1;

  public LabelRewrites {
    limited = Map.copyOf(limited);
  }

  /** The layout above. */
  public byte[] write() {
    ByteWriter writer =
        new ByteWriter(1024)
            .u8(VERSION)
            .uvarint(number)
            .prefixed(templates.write())
            .uvarint(limited.size());
    new TreeMap<>(limited)
        .forEach(
            (label, values) -> {
              long[] hashes = values.hashes();
              writer.prefixed(label.getBytes(StandardCharsets.UTF_8)).uvarint(hashes.length);
              for (long hash : hashes) {
                writer.fixed64(hash);
              }
            });
    return writer.toByteArray();
  }

  /**
   * Reads the layout above.
   *
   * @throws CorruptLayoutException if the version is not known
   */
  public static LabelRewrites read(byte[] written) {
    ByteReader reader = new ByteReader().reset(written);
    int version = reader.u8();
    if (version != VERSION) {
      throw new CorruptLayoutException(
          "label rewrites of version %d; this program reads version %d"
              .formatted(version, VERSION));
    }
    long number = reader.uvarint();
    SpanNameTemplates templates = SpanNameTemplates.read(reader.prefixed());
    Map<String, AllowedValues> limited = new TreeMap<>();
    int labels = reader.uvarint31();
    for (int i = 0; i < labels; i++) {
      String label = new String(reader.prefixed(), StandardCharsets.UTF_8);
      limited.put(label, readValues(reader));
    }
    return new LabelRewrites(number, templates, limited);
  }

  private static AllowedValues readValues(ByteReader reader) {
    int count = reader.uvarint31();
    List<Long> hashes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      hashes.add(reader.fixed64());
    }
    return new AllowedValues(hashes);
  }
}
