package dev.weir.benchmarks.memory;

import dev.weir.schemas.delta.DeltaBatchWriter;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.streams.hostinfo.HostInfoSettings;
import dev.weir.streams.merge.MergeSettings;
import dev.weir.streams.merge.SampleOutput;
import dev.weir.streams.merge.ShardMerge;
import dev.weir.streams.outbox.ExemplarFormat;
import dev.weir.streams.outbox.SampleNaming;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.overrides.TenantSettings;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.LabelRules;
import dev.weir.streams.series.LabelsWriter;
import dev.weir.streams.series.SeriesLimits;
import dev.weir.streams.series.SeriesSettings;
import dev.weir.streams.series.SeriesTable;
import dev.weir.streams.servicegraph.ServiceGraphSettings;
import dev.weir.streams.spanmetrics.SpanMetricsSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.rocksdb.RocksDBException;

/**
 * Label sets of span metrics through both stages: counted, handed over, merged into RocksDB, and
 * their window closed.
 */
final class LabelSetMemory {
  private static final HistogramBounds BOUNDS =
      new HistogramBounds(
          List.of(
              0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096,
              8.192, 16.384));
  private static final byte[] TENANT = ascii("single-tenant");
  static final long WINDOW = 117_000_000;
  private static final int LABEL_SETS_PER_BATCH = 1_000;

  private LabelSetMemory() {}

  /**
   * Bytes for each label set.
   *
   * @param labels of the labels themselves
   * @param firstStageHeap of a {@link SeriesTable}, which every partition of spans has for itself
   * @param grownHeap what is added to it for each one that grew between two commits
   * @param secondStageHeap of a {@link ShardMerge} between windows
   * @param rocksDb of a shard's store on disk, compacted
   */
  record Figures(
      double labels,
      double firstStageHeap,
      double grownHeap,
      double secondStageHeap,
      double rocksDb) {}

  static Figures measure(int labelSets) throws IOException, RocksDBException {
    Path directory = Files.createTempDirectory("weir-memory");
    try (RocksSeriesStore store = new RocksSeriesStore(directory)) {
      long before = usedHeap();
      SeriesTable table = table();
      long labelBytes = insert(table, 0, labelSets);
      long firstStage = usedHeap() - before;
      grow(table, labelSets);
      long grown = usedHeap() - before - firstStage;

      long beforeMerge = usedHeap();
      ShardMerge merge = merge(store, (tenant, request) -> {});
      accept(merge, table);
      merge.accept(new DeltaBatchWriter().finish(0, 1, WINDOW + 1));
      while (merge.closeSlices(100)) {
        merge.flush();
      }
      merge.flush();
      long secondStage = usedHeap() - beforeMerge;
      if (merge.activeLabelSets() != labelSets) {
        throw new IllegalStateException(
            "%d label sets are active, not %d".formatted(merge.activeLabelSets(), labelSets));
      }
      return new Figures(
          (double) labelBytes / labelSets,
          (double) firstStage / labelSets,
          (double) grown / labelSets,
          (double) secondStage / labelSets,
          (double) store.compactedBytes() / labelSets);
    } finally {
      delete(directory);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Some calls of different latency for each label set. */
  static void fill(SeriesTable table, int from, int to) {
    insert(table, from, to);
    grow(table, to - from);
  }

  private static long insert(SeriesTable table, int from, int to) {
    LabelsWriter labels = new LabelsWriter(LabelRules.NONE);
    ByteWriter key = new ByteWriter(256);
    long labelBytes = 0;
    for (int i = from; i < to; i++) {
      String service = "service-" + i % 20;
      String name = "GET /api/v1/resource-" + i;
      labels
          .begin()
          .label(ascii("service"), ascii(service))
          .label(ascii("span_kind"), ascii("SPAN_KIND_SERVER"))
          .label(ascii("span_name"), ascii(name))
          .label(ascii("status_code"), ascii("STATUS_CODE_UNSET"));
      key.truncate(0).prefixed(ascii(service)).u8(2).u8(0).prefixed(ascii(name));
      table.insert(key.bytes(), 0, key.length(), labels);
      labelBytes += labels.labels().length();
    }
    return labelBytes;
  }

  private static void grow(SeriesTable table, int entries) {
    for (int entry = 0; entry < entries; entry++) {
      for (int call = 0; call < 20; call++) {
        table.count(entry);
        table.add(entry, 1, 500);
        table.observe(entry, 0, 5_000_000L << call % 5, 2 + call % 5);
      }
    }
  }

  /** An empty table, as the first stage has it. */
  static SeriesTable table() {
    return new SeriesTable(
        TENANT, MetricGroup.SPAN_METRICS, SeriesSettings.DEFAULT, BOUNDS.buckets(), 1);
  }

  static ShardMerge merge(RocksSeriesStore store, SampleOutput output) {
    MergeSettings settings =
        new MergeSettings(
            Duration.ofSeconds(15),
            60,
            Map.of(MetricGroup.SPAN_METRICS, BOUNDS, MetricGroup.SERVICE_GRAPH, BOUNDS),
            Map.of(),
            ExemplarFormat.DEFAULT,
            SampleNaming.DEFAULT,
            1,
            SeriesLimits.NONE);
    return new ShardMerge(
        settings,
        SettingsByWindow.always(
            new TenantSettings(
                new SpanMetricsSettings(true, BOUNDS),
                new ServiceGraphSettings(false, BOUNDS, Duration.ofSeconds(10), 1, List.of()),
                HostInfoSettings.DISABLED,
                SeriesLimits.NONE)),
        0,
        settings.newCardinality(),
        store,
        output);
  }

  /** Brings what was counted to the second stage. */
  static void accept(ShardMerge merge, SeriesTable table) {
    Batches batches = new Batches(merge);
    table.drain(
        (shard, group, flags, labels, offset, length) ->
            batches.next().labelSet(WINDOW, TENANT, group, flags, labels, offset, length));
    merge.accept(batches.writer.finish(0, 1, WINDOW));
    merge.flush();
  }

  /** Cuts what is drained into batches of some size, as commits do. */
  private static final class Batches {
    private final DeltaBatchWriter writer = new DeltaBatchWriter();
    private final ShardMerge merge;
    private int labelSets;

    Batches(ShardMerge merge) {
      this.merge = merge;
    }

    DeltaBatchWriter next() {
      if (++labelSets % LABEL_SETS_PER_BATCH == 0) {
        merge.accept(writer.finish(0, 1, WINDOW));
        merge.flush();
      }
      return writer;
    }
  }

  private static long usedHeap() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      runtime.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(LabelSetMemory::deleteFile);
    }
  }

  private static void deleteFile(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
