package dev.weir.allinone.demo;

import dev.weir.app.settings.Durations;
import dev.weir.app.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;

/**
 * What the demo sends and when it ends.
 *
 * @param tracesPerSecond traces begun, above 0
 * @param seed of what people do in the shop and how long it takes
 * @param patience how long numbers may take to become final after the traffic has stopped
 * @param report file for the comparison of what was sent with what was received
 */
public record DemoSettings(
    double tracesPerSecond, long seed, Duration patience, Optional<Path> report) {
  private static final String TRACES_PER_SECOND = "demo.traces.per.second";
  private static final String SEED = "demo.seed";
  private static final String PATIENCE = "demo.patience";
  private static final String REPORT = "report";

  /** Adds these settings to {@code definition}. */
  public static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            TRACES_PER_SECOND,
            ConfigDef.Type.DOUBLE,
            30.0,
            ConfigDef.Range.between(0.1, 10_000),
            ConfigDef.Importance.MEDIUM,
            "Traces a second that the demo's shop sends; a trace has about 12 spans.")
        .define(
            SEED,
            ConfigDef.Type.LONG,
            1L,
            ConfigDef.Importance.LOW,
            "Seed of the demo's traffic; the same seed gives the same traces but for ids and times.")
        .define(
            PATIENCE,
            ConfigDef.Type.STRING,
            "2m",
            Durations.between("1s", "1d"),
            ConfigDef.Importance.LOW,
            "How long the demo waits for numbers to become final before it gives up.")
        .define(
            REPORT,
            ConfigDef.Type.STRING,
            "",
            ConfigDef.Importance.MEDIUM,
            "File that the demo writes at its end, as JSON: what it sent, what was received, and "
                + "whether they are equal; needs --duration.");
  }

  /** Reads these settings. */
  public static DemoSettings from(Settings settings) {
    return new DemoSettings(
        settings.decimal(TRACES_PER_SECOND),
        settings.longInteger(SEED),
        settings.duration(PATIENCE),
        Optional.of(settings.string(REPORT)).filter(file -> !file.isEmpty()).map(Path::of));
  }
}
