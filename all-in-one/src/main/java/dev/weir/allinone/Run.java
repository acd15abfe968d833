package dev.weir.allinone;

import dev.weir.allinone.demo.DemoSettings;
import dev.weir.app.settings.Durations;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import java.time.Duration;
import java.util.Optional;

/**
 * What one run is to do.
 *
 * @param demo traffic to send, if any
 * @param duration until it ends by itself, if it does
 * @param withReceiver whether the built-in receiver is a target
 */
record Run(Optional<DemoSettings> demo, Optional<Duration> duration, boolean withReceiver) {

  /**
   * Reads it.
   *
   * @throws InvalidSettingsException if settings contradict each other
   */
  static Run of(Command command, Settings settings) {
    Optional<DemoSettings> demo =
        command == Command.DEMO ? Optional.of(DemoSettings.from(settings)) : Optional.empty();
    Optional<Duration> duration =
        Optional.of(settings.string(Definition.DURATION))
            .filter(text -> !text.isEmpty())
            .map(Durations::parse);
    if (demo.flatMap(DemoSettings::report).isPresent() && duration.isEmpty()) {
      throw new InvalidSettingsException(
          "report=%s: a report is written at the end, which needs --duration, such as --duration 40s"
              .formatted(demo.flatMap(DemoSettings::report).get()));
    }
    boolean noTarget = settings.list(Definition.REMOTE_WRITE_URL).isEmpty();
    return new Run(demo, duration, demo.isPresent() || noTarget);
  }
}
