package dev.weir.app.topics;

import dev.weir.app.settings.Durations;
import dev.weir.app.settings.Settings;
import dev.weir.schemas.topic.SpanCodec;
import dev.weir.schemas.topic.TopicContract;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * Where the spans are, as every application must understand it alike.
 *
 * @param kafkaClient configuration for Kafka's clients, {@code bootstrap.servers} among it
 * @param spans the topic of spans; its partition count counts only if it does not exist yet
 * @param codec how its values are encoded
 * @param multitenancy whether tenants are told apart; if not, everything belongs to {@link
 *     #SINGLE_TENANT}
 */
public record TopicSettings(
    Map<String, Object> kafkaClient, TopicContract spans, SpanCodec codec, boolean multitenancy) {
  /** The tenant of everything when tenants are not told apart; Tempo's word. */
  public static final String SINGLE_TENANT = "single-tenant";

  /** Setting: the brokers. */
  public static final String BOOTSTRAP_SERVERS = "kafka.bootstrap.servers";

  private static final String SPANS_TOPIC = "spans.topic";
  private static final String SPANS_PARTITIONS = "spans.partitions";
  private static final String SPANS_RETENTION = "spans.retention";
  private static final String SPANS_CODEC = "spans.codec";
  private static final String MULTITENANCY = "multitenancy.enabled";

  public TopicSettings {
    kafkaClient = Map.copyOf(kafkaClient);
  }

  /** Adds these settings to {@code definition} unless they are in it already. */
  public static ConfigDef define(ConfigDef definition) {
    if (definition.names().contains(SPANS_TOPIC)) {
      return definition;
    }
    return definition
        .define(
            BOOTSTRAP_SERVERS,
            ConfigDef.Type.STRING,
            "localhost:9092",
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "Kafka brokers to begin with, host:port separated by commas.")
        .define(
            SPANS_TOPIC,
            ConfigDef.Type.STRING,
            TopicContract.DEFAULT_SPANS,
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "Topic of spans; made if it does not exist.")
        .define(
            SPANS_PARTITIONS,
            ConfigDef.Type.INT,
            4,
            ConfigDef.Range.between(1, 10_000),
            Importance.HIGH,
            "Partitions of the topic of spans when it is made.")
        .define(
            SPANS_RETENTION,
            ConfigDef.Type.STRING,
            "24h",
            Durations.between("1m", "3650d"),
            Importance.MEDIUM,
            "How long the topic of spans is kept when it is made; bounds how far back a replay can begin.")
        .define(
            SPANS_CODEC,
            ConfigDef.Type.STRING,
            "otlp",
            ConfigDef.ValidString.in("otlp", "push-bytes"),
            Importance.MEDIUM,
            "Encoding of the topic's values: OTLP TracesData, or Tempo's PushBytesRequest.")
        .define(
            MULTITENANCY,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether tenants are told apart by X-Scope-OrgID; if not, all belong to 'single-tenant'.");
  }

  /** Reads these settings. */
  public static TopicSettings from(Settings settings) {
    TopicContract spans =
        TopicContract.spans(
            settings.string(SPANS_TOPIC),
            settings.integer(SPANS_PARTITIONS),
            settings.duration(SPANS_RETENTION));
    return new TopicSettings(
        settings.kafkaClient(),
        spans,
        SpanCodec.named(settings.string(SPANS_CODEC)),
        settings.flag(MULTITENANCY));
  }
}
