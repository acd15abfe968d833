package dev.weir.app.settings;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.config.types.Password;

/** The settings of one process after all sources were merged and validated. Immutable. */
public final class Settings {
  private static final String MASK = "********";

  private final SortedMap<String, Object> values;
  private final SortedMap<String, String> kafkaClient;

  Settings(Map<String, Object> values, Map<String, String> kafkaClient) {
    this.values = new TreeMap<>(values);
    this.kafkaClient = new TreeMap<>(kafkaClient);
  }

  /** A STRING setting; empty if it is unset and has no default. */
  public String string(String key) {
    return String.valueOf(value(key));
  }

  /** An INT setting. */
  public int integer(String key) {
    return (Integer) value(key);
  }

  /** A LONG setting. */
  public long longInteger(String key) {
    return (Long) value(key);
  }

  /** A DOUBLE setting. */
  public double decimal(String key) {
    return (Double) value(key);
  }

  /** A BOOLEAN setting. */
  public boolean flag(String key) {
    return (Boolean) value(key);
  }

  /** A LIST setting. */
  public List<String> list(String key) {
    return ((List<?>) value(key)).stream().map(String::valueOf).toList();
  }

  /** A STRING setting that holds a duration (see {@link Durations}). */
  public Duration duration(String key) {
    return Durations.parse(string(key));
  }

  /** A PASSWORD setting in clear; never to be logged. */
  public String secret(String key) {
    return ((Password) value(key)).value();
  }

  /**
   * What was set under {@code kafka.} for Kafka's own clients, without that prefix; {@code
   * bootstrap.servers} is in it.
   */
  public Map<String, Object> kafkaClient() {
    return new TreeMap<>(kafkaClient);
  }

  /** Every setting with its value in force, secrets masked, by key. */
  public SortedMap<String, String> effective() {
    SortedMap<String, String> effective = new TreeMap<>();
    values.forEach((key, value) -> effective.put(key, render(value)));
    kafkaClient.forEach(
        (key, value) ->
            effective.put("kafka." + key, KafkaClientKeys.isSecret(key) ? MASK : value));
    return effective;
  }

  private Object value(String key) {
    Object value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("no setting is called " + key);
    }
    return value;
  }

  private static String render(Object value) {
    if (value instanceof Password password) {
      return password.value().isEmpty() ? "" : MASK;
    }
    return value instanceof List<?> list
        ? String.join(",", list.stream().map(String::valueOf).toList())
        : String.valueOf(value);
  }
}
