package dev.weir.streams.processor;

import dev.weir.streams.aggregate.PartitionStore;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The store of a task as the domain sees it. */
record KeyValuePartitionStore(KeyValueStore<Bytes, byte[]> store) implements PartitionStore {
  @Override
  public void put(byte[] key, byte[] value) {
    store.put(Bytes.wrap(key), value);
  }

  @Override
  public void delete(byte[] key) {
    store.delete(Bytes.wrap(key));
  }

  @Override
  public void forEach(BiConsumer<byte[], byte[]> entry) {
    try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> next = all.next();
        entry.accept(next.key.get(), next.value);
      }
    }
  }
}
