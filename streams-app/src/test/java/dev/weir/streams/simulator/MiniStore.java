package dev.weir.streams.simulator;

import dev.weir.streams.aggregate.PartitionStore;
import dev.weir.streams.merge.SeriesStore;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A store of which a crash takes away what was not committed. */
public final class MiniStore implements PartitionStore, SeriesStore {
  private final TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
  private final TreeMap<byte[], Optional<byte[]>> undo = new TreeMap<>(Arrays::compareUnsigned);
  private boolean isBeingRead;

  void commit() {
    undo.clear();
  }

  void rollBack() {
    undo.forEach(
        (key, before) ->
            before.ifPresentOrElse(value -> entries.put(key, value), () -> entries.remove(key)));
    undo.clear();
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    byte[] value = entries.get(key);
    return value == null ? null : value.clone();
  }

  @Override
  public void put(byte[] key, byte[] value) {
    remember(key);
    entries.put(key.clone(), value.clone());
  }

  @Override
  public void delete(byte[] key) {
    remember(key);
    entries.remove(key);
  }

  private void remember(byte[] key) {
    if (isBeingRead) {
      throw new IllegalStateException("the store was changed while it was being read");
    }
    undo.putIfAbsent(key.clone(), Optional.ofNullable(entries.get(key)));
  }

  @Override
  public void forEach(BiConsumer<byte[], byte[]> entry) {
    entries.forEach((key, value) -> entry.accept(key.clone(), value.clone()));
  }

  @Override
  public void scan(byte[] from, Visitor visitor) {
    isBeingRead = true;
    for (Map.Entry<byte[], byte[]> entry : entries.tailMap(from, true).entrySet()) {
      if (!visitor.entry(entry.getKey().clone(), entry.getValue().clone())) {
        break;
      }
    }
    isBeingRead = false;
  }

  /** Number of committed and uncommitted entries. */
  int size() {
    return entries.size();
  }
}
