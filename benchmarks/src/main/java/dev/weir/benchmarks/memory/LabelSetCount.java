package dev.weir.benchmarks.memory;

import dev.weir.app.settings.SettingsLoader;
import dev.weir.app.settings.SettingsReference;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** The only flag of the commands of this package: how many label sets they make. */
final class LabelSetCount {
  private static final String LABEL_SETS = "label.sets";

  private LabelSetCount() {}

  /** What the flags say; nothing if they ask for help, which is then printed. */
  static OptionalInt from(List<String> flags, int byDefault) {
    ConfigDef definition =
        new ConfigDef()
            .define(
                LABEL_SETS,
                ConfigDef.Type.INT,
                byDefault,
                ConfigDef.Range.between(1_000, 10_000_000),
                Importance.HIGH,
                "How many label sets to make, each with a span name of its own.");
    if (flags.contains("--help")) {
      System.out.print(SettingsReference.help(definition));
      return OptionalInt.empty();
    }
    return OptionalInt.of(SettingsLoader.load(definition, flags, Map.of()).integer(LABEL_SETS));
  }
}
