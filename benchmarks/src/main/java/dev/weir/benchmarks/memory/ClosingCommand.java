package dev.weir.benchmarks.memory;

import dev.weir.app.settings.Settings;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.app.settings.SettingsReference;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.rocksdb.RocksDBException;

/** {@code closing}: what closing a window of one shard with very many label sets takes. */
public final class ClosingCommand {
  private static final String LABEL_SETS = "label.sets";

  private ClosingCommand() {}

  /** The settings of {@code closing}. */
  static ConfigDef define(ConfigDef definition) {
    return definition.define(
        LABEL_SETS,
        ConfigDef.Type.INT,
        1_000_000,
        ConfigDef.Range.between(1_000, 10_000_000),
        Importance.HIGH,
        "How many label sets the shard has, each with a span name of its own.");
  }

  /** Measures and prints. */
  public static void run(List<String> flags) throws IOException, RocksDBException {
    ConfigDef definition = define(new ConfigDef());
    if (flags.contains("--help")) {
      System.out.print(SettingsReference.help(definition));
      return;
    }
    Settings settings = SettingsLoader.load(definition, flags, Map.of());
    WindowClosing.Windows windows = WindowClosing.measure(settings.integer(LABEL_SETS));
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
