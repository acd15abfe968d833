package dev.weir.streams.config;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import dev.weir.app.topics.GroupMembership;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** How the instances of the streams app share their work. */
public enum GroupProtocol {
  /** One of them divides it up. */
  CLASSIC,

  /** The broker divides it up (KIP-1071). */
  STREAMS;

  private static final String GROUP_PROTOCOL = "group.protocol";

  static ConfigDef define(ConfigDef definition) {
    return definition.define(
        GROUP_PROTOCOL,
        ConfigDef.Type.STRING,
        "classic",
        ConfigDef.ValidString.in("classic", "streams"),
        Importance.LOW,
        "Who divides the work among instances: one of them (classic), or the broker (streams, from Kafka 4.2). The latter knows no instance.id, and takes session timeout and standby replicas from the group's configuration on the broker. Fixed for an application id.");
  }

  /**
   * Reads it.
   *
   * @throws InvalidSettingsException if others are set that it does not know
   */
  static GroupProtocol from(
      Settings settings, GroupMembership membership, String applicationId, int standbyReplicas) {
    GroupProtocol protocol = valueOf(settings.string(GROUP_PROTOCOL).toUpperCase(Locale.ROOT));
    if (protocol == STREAMS && !membership.instanceId().isEmpty()) {
      throw new InvalidSettingsException(
          "instance.id=%s: group.protocol=streams knows no static members; leave it empty, or take group.protocol=classic"
              .formatted(membership.instanceId()));
    }
    if (protocol == STREAMS && standbyReplicas > 0) {
      throw new InvalidSettingsException(
          "standby.replicas=%d: with group.protocol=streams this is streams.num.standby.replicas of group %s on the broker (kafka-configs.sh --entity-type groups); leave it 0 here"
              .formatted(standbyReplicas, applicationId));
    }
    return protocol;
  }
}
