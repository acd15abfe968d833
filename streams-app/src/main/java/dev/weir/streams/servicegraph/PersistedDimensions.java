package dev.weir.streams.servicegraph;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Half edges of batches up to version 3, which did not name their dimensions: the batch did, once,
 * and each half edge had a value for each. Bundles of version 1 were the same. Not thread-safe.
 */
final class PersistedDimensions {
  private final List<byte[]> ofBatch = new ArrayList<>();
  private final ByteReader values = new ByteReader();
  private final ByteWriter adopted = new ByteWriter(256);
  private final HalfEdge half = new HalfEdge();

  /**
   * Reads the dimensions of the half edges that follow, the reader standing before them.
   *
   * @param named whether the batch names dimensions; if not there is nothing to read
   */
  void readFrom(ByteReader batch, boolean named) {
    ofBatch.clear();
    int count = named ? batch.uvarint31() : 0;
    for (int i = 0; i < count; i++) {
      ofBatch.add(batch.prefixed());
    }
  }

  /** A half edge that names its dimensions; valid until the next call. */
  HalfEdge adopt(HalfEdge persisted) {
    if (ofBatch.isEmpty()) {
      return persisted;
    }
    persisted.dimensions(values);
    adopted.truncate(0).raw(persisted.bytes(), persisted.offset(), persisted.plainLength());
    for (byte[] dimension : ofBatch) {
      byte[] value = values.prefixed();
      if (value.length > 0) {
        adopted.prefixed(dimension).prefixed(value);
      }
    }
    return half.at(adopted.bytes(), 0, adopted.length());
  }
}
