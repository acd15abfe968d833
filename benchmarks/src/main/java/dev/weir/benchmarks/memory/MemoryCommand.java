package dev.weir.benchmarks.memory;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import org.rocksdb.RocksDBException;

/** {@code memory}: bytes of heap and of RocksDB for each label set of span metrics. */
public final class MemoryCommand {
  private MemoryCommand() {}

  /** Measures and prints. */
  public static void run(List<String> flags) throws IOException, RocksDBException {
    OptionalInt labelSets = LabelSetCount.from(flags, 100_000);
    if (labelSets.isEmpty()) {
      return;
    }
    LabelSetMemory.Figures figures = LabelSetMemory.measure(labelSets.getAsInt());
    System.out.printf("labels                   %,8.0f B%n", figures.labels());
    System.out.printf("first stage, heap        %,8.0f B%n", figures.firstStageHeap());
    System.out.printf("  more if it has grown   %,8.0f B%n", figures.grownHeap());
    System.out.printf("second stage, heap       %,8.0f B%n", figures.secondStageHeap());
    System.out.printf("second stage, RocksDB    %,8.0f B%n", figures.rocksDb());
  }
}
