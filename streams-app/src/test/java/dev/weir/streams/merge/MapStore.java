package dev.weir.streams.merge;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store whose entries a test can see and change. */
final class MapStore implements SeriesStore {
  final TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);

  @Override
  public byte @Nullable [] get(byte[] key) {
    return entries.get(key);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    entries.put(key, value);
  }

  @Override
  public void delete(byte[] key) {
    entries.remove(key);
  }

  @Override
  public void scan(byte[] from, Visitor visitor) {
    for (Map.Entry<byte[], byte[]> entry : entries.tailMap(from).entrySet()) {
      if (!visitor.entry(entry.getKey(), entry.getValue())) {
        return;
      }
    }
  }
}
