package dev.weir.benchmarks.memory;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import org.rocksdb.RocksDBException;

/** {@code closing}: what closing a window of one shard with very many label sets takes. */
public final class ClosingCommand {
  private ClosingCommand() {}

  /** Measures and prints. */
  public static void run(List<String> flags) throws IOException, RocksDBException {
    OptionalInt labelSets = LabelSetCount.from(flags, 1_000_000);
    if (labelSets.isEmpty()) {
      return;
    }
    WindowClosing.Windows windows = WindowClosing.measure(labelSets.getAsInt());
    print("all are new", windows.grown());
    print("none has grown", windows.idle());
  }

  private static void print(String window, WindowClosing.Figures figures) {
    System.out.printf(
        "%-14s  %,.1f s, %,.1f CPU s, %,.0f ms at once, %,d records, %,d MiB, heap up to %,d MiB%n",
        window,
        figures.seconds(),
        figures.cpuSeconds(),
        figures.longestMillis(),
        figures.records(),
        figures.bytes() >> 20,
        figures.peakHeapBytes() >> 20);
  }
}
