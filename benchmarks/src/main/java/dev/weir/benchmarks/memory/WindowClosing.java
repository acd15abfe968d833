package dev.weir.benchmarks.memory;

import dev.weir.schemas.delta.DeltaBatchWriter;
import dev.weir.streams.merge.ShardMerge;
import dev.weir.streams.series.SeriesTable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.rocksdb.RocksDBException;

/**
 * Windows of a shard with very many label sets, closed as the second stage does it: some slices at
 * a time, and a commit between.
 */
final class WindowClosing {
  /** As many as the second stage does at once. */
  private static final int SLICES_AT_ONCE = 20;

  private static final int LABEL_SETS_AT_ONCE = 10_000;

  private WindowClosing() {}

  /**
   * What closing one window took.
   *
   * @param seconds of the clock
   * @param cpuSeconds of the thread
   * @param longestMillis of the clock, between two opportunities to commit
   * @param records in the outbox
   * @param bytes in the outbox, uncompressed
   * @param peakHeapBytes while it was closed, garbage included
   */
  record Figures(
      double seconds,
      double cpuSeconds,
      double longestMillis,
      long records,
      long bytes,
      long peakHeapBytes) {}

  /** What it takes when all label sets are new, and when none has grown. */
  record Windows(Figures grown, Figures idle) {}

  static Windows measure(int labelSets) throws IOException, RocksDBException {
    Path directory = Files.createTempDirectory("weir-closing");
    try (RocksSeriesStore store = new RocksSeriesStore(directory)) {
      AtomicLong records = new AtomicLong();
      AtomicLong bytes = new AtomicLong();
      ShardMerge merge =
          LabelSetMemory.merge(
              store,
              (tenant, request) -> {
                records.incrementAndGet();
                bytes.addAndGet(request.length);
              });
      for (int from = 0; from < labelSets; from += LABEL_SETS_AT_ONCE) {
        SeriesTable table = LabelSetMemory.table();
        LabelSetMemory.fill(table, from, Math.min(labelSets, from + LABEL_SETS_AT_ONCE));
        LabelSetMemory.accept(merge, table);
      }
      Figures grown = close(merge, LabelSetMemory.WINDOW, records, bytes);
      Figures idle = close(merge, LabelSetMemory.WINDOW + 1, records, bytes);
      return new Windows(grown, idle);
    } finally {
      LabelSetMemory.delete(directory);
    }
  }

  private static Figures close(
      ShardMerge merge, long window, AtomicLong records, AtomicLong bytes) {
    records.set(0);
    bytes.set(0);
    merge.accept(new DeltaBatchWriter().finish(0, 1, window + 1));
    heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
    long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    long begin = System.nanoTime();
    long longest = 0;
    boolean more = true;
    while (more) {
      long call = System.nanoTime();
      more = merge.closeSlices(SLICES_AT_ONCE);
      merge.flush();
      longest = Math.max(longest, System.nanoTime() - call);
    }
    return new Figures(
        (double) (System.nanoTime() - begin) / 1e9,
        (double) (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e9,
        (double) longest / 1e6,
        records.get(),
        bytes.get(),
        heapPools().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum());
  }

  private static java.util.stream.Stream<MemoryPoolMXBean> heapPools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP);
  }
}
