package dev.weir.streams.config;

import dev.weir.app.settings.Durations;
import dev.weir.app.settings.Settings;
import dev.weir.streams.aggregate.RecordTime;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * What is set of the time of the topic's records.
 *
 * @param isProducers whether it is the producers'; if absent, the topic says
 * @param bound if absent, it follows from whose time it is
 */
public record RecordTimeConfig(Optional<Boolean> isProducers, Optional<Duration> bound) {
  private static final String TYPE = "record.time.type";
  private static final String BOUND = "record.time.bound";
  private static final String AUTO = "auto";
  private static final String CREATE_TIME = "CreateTime";
  private static final ConfigDef.Validator DURATION = Durations.between("0s", "1h");

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
            ConfigDef.LambdaValidator.with(
                (name, value) -> {
                  if (!AUTO.equals(value)) {
                    DURATION.ensureValid(name, value);
                  }
                },
                () -> "auto, or " + DURATION),
            Importance.MEDIUM,
            "How much earlier than its predecessors a record of the same partition may be without being late; auto is 1s where the broker gives the time (LogAppendTime), and 10s where the producers do (CreateTime).");
  }

  static RecordTimeConfig from(Settings settings) {
    String type = settings.string(TYPE);
    String bound = settings.string(BOUND);
    return new RecordTimeConfig(
        type.equals(AUTO) ? Optional.empty() : Optional.of(type.equals(CREATE_TIME)),
        bound.equals(AUTO) ? Optional.empty() : Optional.of(Durations.parse(bound)));
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
