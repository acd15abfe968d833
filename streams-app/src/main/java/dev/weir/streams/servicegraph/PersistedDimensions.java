package dev.weir.streams.servicegraph;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Half edges that were persisted under other dimensions than today's: each keeps the values of
 * those that are left, and has none for those that are new. Not thread-safe.
 */
final class PersistedDimensions {
  private final List<String> today;
  private final List<String> then = new ArrayList<>();
  private final ByteReader values = new ByteReader();
  private final ByteWriter adopted = new ByteWriter(256);
  private final HalfEdge half = new HalfEdge();

  PersistedDimensions(List<String> today) {
    this.today = today;
  }

  /** Reads the dimensions of the half edges that follow, the reader standing before them. */
  void readFrom(ByteReader batch, int version) {
    then.clear();
    int count = version == 1 ? 0 : batch.uvarint31();
    for (int i = 0; i < count; i++) {
      then.add(new String(batch.prefixed(), StandardCharsets.UTF_8));
    }
  }

  /** A half edge with today's dimensions; valid until the next call. */
  HalfEdge adopt(HalfEdge persisted) {
    if (then.equals(today)) {
      return persisted;
    }
    List<byte[]> old = new ArrayList<>();
    persisted.dimensions(values);
    then.forEach(dimension -> old.add(values.prefixed()));
    adopted.truncate(0).raw(persisted.bytes(), persisted.offset(), persisted.plainLength());
    for (String dimension : today) {
      int index = then.indexOf(dimension);
      adopted.prefixed(index < 0 ? new byte[0] : old.get(index));
    }
    return half.at(adopted.bytes(), 0, adopted.length());
  }
}
