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

/** {@code memory}: bytes of heap and of RocksDB for each label set of span metrics. */
public final class MemoryCommand {
  private static final String LABEL_SETS = "label.sets";

  private MemoryCommand() {}

  /** The settings of {@code memory}. */
  static ConfigDef define(ConfigDef definition) {
    return definition.define(
        LABEL_SETS,
        ConfigDef.Type.INT,
        100_000,
        ConfigDef.Range.between(1_000, 10_000_000),
        Importance.HIGH,
        "How many label sets to make, each with a span name of its own.");
  }

  /** Measures and prints. */
  public static void run(List<String> flags) throws IOException, RocksDBException {
    ConfigDef definition = define(new ConfigDef());
    if (flags.contains("--help")) {
      System.out.print(SettingsReference.help(definition));
      return;
    }
    Settings settings = SettingsLoader.load(definition, flags, Map.of());
    LabelSetMemory.Figures figures = LabelSetMemory.measure(settings.integer(LABEL_SETS));
    System.out.printf("labels                   %,8.0f B%n", figures.labels());
    System.out.printf("first stage, heap        %,8.0f B%n", figures.firstStageHeap());
    System.out.printf("  more if it has grown   %,8.0f B%n", figures.grownHeap());
    System.out.printf("second stage, heap       %,8.0f B%n", figures.secondStageHeap());
    System.out.printf("second stage, RocksDB    %,8.0f B%n", figures.rocksDb());
  }
}
