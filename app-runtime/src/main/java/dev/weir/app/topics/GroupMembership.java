package dev.weir.app.topics;

import dev.weir.app.settings.Durations;
import dev.weir.app.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * How an instance is a member of its consumer groups.
 *
 * @param instanceId name of this instance among those of a group (static membership); empty for
 *     none
 * @param sessionTimeout after how long without a sign of life its work goes to others
 */
public record GroupMembership(String instanceId, Duration sessionTimeout) {
  private static final String INSTANCE_ID = "instance.id";
  private static final String SESSION_TIMEOUT = "session.timeout";

  /** A member hears of a rebalance with its next heartbeat, and all others wait until it has. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);

  /** Adds these settings to {@code definition} unless they are in it already. */
  public static ConfigDef define(ConfigDef definition) {
    if (definition.names().contains(INSTANCE_ID)) {
      return definition;
    }
    return definition
        .define(
            INSTANCE_ID,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "Name of this instance among those of its consumer group (static membership): one that comes back under its name within session.timeout gets its work back at once. Empty for none; must be unique among instances.")
        .define(
            SESSION_TIMEOUT,
            ConfigDef.Type.STRING,
            "15s",
            Durations.between("6s", "30m"),
            Importance.MEDIUM,
            "After how long without a sign of life an instance's work goes to others.");
  }

  /** Reads these settings. */
  public static GroupMembership from(Settings settings) {
    return new GroupMembership(settings.string(INSTANCE_ID), settings.duration(SESSION_TIMEOUT));
  }

  /** The same in the words of Kafka's consumer. */
  public Map<String, Object> consumerConfig() {
    Map<String, Object> config = new HashMap<>();
    config.put(
        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, Math.toIntExact(sessionTimeout.toMillis()));
    config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, Math.toIntExact(HEARTBEAT.toMillis()));
    if (!instanceId.isEmpty()) {
      config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instanceId);
    }
    return config;
  }
}
