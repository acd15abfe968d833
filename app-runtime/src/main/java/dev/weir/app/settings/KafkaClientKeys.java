package dev.weir.app.settings;

import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;

/** The names that Kafka's clients know, so that a misspelt {@code kafka.} setting is refused. */
final class KafkaClientKeys {
  static final String PREFIX = "kafka.";

  private KafkaClientKeys() {}

  static Set<String> names() {
    Set<String> names = new TreeSet<>();
    for (ConfigDef def :
        new ConfigDef[] {
          ProducerConfig.configDef(), ConsumerConfig.configDef(), AdminClientConfig.configDef()
        }) {
      names.addAll(def.names());
    }
    return names;
  }

  static boolean isSecret(String name) {
    ConfigDef.ConfigKey key = ProducerConfig.configDef().configKeys().get(name);
    return key != null && key.type == ConfigDef.Type.PASSWORD;
  }
}
