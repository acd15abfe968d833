package dev.weir.streams.config;

import dev.weir.app.settings.Durations;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import dev.weir.streams.aggregate.RecordTime;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * What is set of the time of the topic's records, and of how long it is waited for.
 *
 * @param isProducers whether it is the producers'; if absent, the topic says
 * @param bound if absent, it follows from whose time it is
 * @param maxHoldBack how long after its end a window waits for a partition that is behind; for ever
 *     if absent
 */
public record RecordTimeConfig(
    Optional<Boolean> isProducers, Optional<Duration> bound, Optional<Duration> maxHoldBack) {
  private static final String TYPE = "record.time.type";
  private static final String BOUND = "record.time.bound";
  private static final String MAX_HOLD_BACK = "max.hold.back";
  private static final String AUTO = "auto";
  private static final String OFF = "off";
  private static final String CREATE_TIME = "CreateTime";

  static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            TYPE,
            ConfigDef.Type.STRING,
            AUTO,
            ConfigDef.ValidString.in(AUTO, CREATE_TIME, "LogAppendTime"),
            Importance.LOW,
            "Whose time the records of spans have; auto asks the topic (message.timestamp.type), which needs the right to describe its configuration.")
        .define(
            BOUND,
            ConfigDef.Type.STRING,
            AUTO,
            wordOr(AUTO, Durations.between("0s", "1h")),
            Importance.MEDIUM,
            "How much earlier than its predecessors a record of the same partition may be without being late; auto is 1s where the broker gives the time (LogAppendTime), and 10s where the producers do (CreateTime).")
        .define(
            MAX_HOLD_BACK,
            ConfigDef.Type.STRING,
            OFF,
            wordOr(OFF, Durations.between("30s", "30d")),
            Importance.MEDIUM,
            "How long after its end, by the clock, a window waits for a partition that is behind. Then it closes, and what the partition still has of it counts as late. off waits for as long as it takes, so that lag changes no number.");
  }

  private static ConfigDef.Validator wordOr(String word, ConfigDef.Validator duration) {
    return ConfigDef.LambdaValidator.with(
        (name, value) -> {
          if (!word.equals(value)) {
            duration.ensureValid(name, value);
          }
        },
        () -> word + ", or " + duration);
  }

  static RecordTimeConfig from(Settings settings) {
    String type = settings.string(TYPE);
    Optional<Duration> bound = unless(AUTO, settings.string(BOUND));
    Optional<Duration> maxHoldBack = unless(OFF, settings.string(MAX_HOLD_BACK));
    if (maxHoldBack.isPresent() && maxHoldBack.get().compareTo(bound.orElse(Duration.ZERO)) <= 0) {
      throw new InvalidSettingsException(
          "%s=%s: must be more than %s=%s, or no window would wait for its records"
              .formatted(
                  MAX_HOLD_BACK, settings.string(MAX_HOLD_BACK), BOUND, settings.string(BOUND)));
    }
    return new RecordTimeConfig(
        type.equals(AUTO) ? Optional.empty() : Optional.of(type.equals(CREATE_TIME)),
        bound,
        maxHoldBack);
  }

  private static Optional<Duration> unless(String word, String text) {
    return text.equals(word) ? Optional.empty() : Optional.of(Durations.parse(text));
  }

  /**
   * What is in force.
   *
   * @param topicSays whether the topic has the producers' time; asked only if it is not set
   */
  public RecordTime inForce(BooleanSupplier topicSays) {
    RecordTime time =
        isProducers.orElseGet(topicSays::getAsBoolean)
            ? RecordTime.ofProducers()
            : RecordTime.ofBroker();
    return bound.map(time::within).orElse(time);
  }
}
