package dev.weir.streams.aggregate;

import dev.weir.schemas.layout.ByteWriter;
import dev.weir.streams.servicegraph.ServiceGraph;

/** The batches of half edges in a partition's store, under keys 1 + number (8 bytes). */
record HalfEdgeBatches(PartitionStore store) implements ServiceGraph.BatchStore {
  /** What keys of batches begin with. */
  static final byte FIRST_BYTE = 1;

  @Override
  public void put(long number, byte[] batch) {
    store.put(key(number), batch);
  }

  @Override
  public void delete(long number) {
    store.delete(key(number));
  }

  private static byte[] key(long number) {
    return new ByteWriter(9).u8(FIRST_BYTE).fixed64(number).toByteArray();
  }
}
