package dev.weir.audit.config;

import dev.weir.app.settings.Durations;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import dev.weir.app.topics.TopicSettings;
import dev.weir.audit.recount.LabelSettings;
import dev.weir.audit.recount.RecountSettings;
import dev.weir.schemas.topic.TopicContract;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * What an audit is to do.
 *
 * @param topics where the spans are
 * @param ledgerTopic where the books are
 * @param applicationId of the streams app; its committed offsets say what must be in the books
 * @param deadLettersTopic where records are that could not be read
 * @param decisionsTopic where it is written what was decided by the clock
 * @param producersTime whether the times of records are their producers'; if absent, the topic says
 * @param bound how much earlier than its predecessors a record may be without being late; if
 *     absent, it follows from whose time it is
 * @param told what the streams app was told about the records otherwise
 * @param from first record, in each partition
 * @param to where to end, in each partition; exclusive
 * @param prometheusUrl a Prometheus to compare the total with, such as {@code http://host:9090}
 * @param json whether the result is for programs
 */
public record AuditSettings(
    TopicSettings topics,
    String ledgerTopic,
    String applicationId,
    String deadLettersTopic,
    String decisionsTopic,
    Optional<Boolean> producersTime,
    Optional<Duration> bound,
    RecountSettings told,
    Position from,
    Position to,
    Optional<String> prometheusUrl,
    boolean json) {
  private static final String LEDGER_TOPIC = "ledger.topic";
  private static final String APPLICATION_ID = "application.id";
  private static final String DEAD_LETTERS_TOPIC = "dead.letters.topic";
  private static final String DECISIONS_TOPIC = "decisions.topic";
  private static final String WINDOW = "window";
  private static final String TIME_TYPE = "record.time.type";
  private static final String AUTO = "auto";
  private static final String CREATE_TIME = "CreateTime";
  private static final String BOUND = "record.time.bound";
  private static final ConfigDef.Validator BOUNDS = Durations.between("0s", "1h");
  private static final String PROCESSORS = "processors";
  private static final String MAX_LABEL_VALUE = "max.label.value.length";
  private static final String MAX_LABEL_NAME = "max.label.name.length";
  private static final String EXTERNAL_LABELS = "external.labels";
  private static final String TENANT_LABEL = "inject.tenant.id.as";
  private static final String INTRINSICS = "span.metrics.intrinsic.dimensions";
  private static final String DIMENSIONS = "span.metrics.dimensions";
  private static final String MAPPINGS = "span.metrics.dimension.mappings";
  private static final String TARGET_INFO = "span.metrics.target.info.enabled";
  private static final String INSTANCE_LABEL = "span.metrics.instance.label.enabled";
  private static final String LAST_DIMENSION = "compatibility.last.dimension.decides";
  private static final String RUN_TOGETHER = "compatibility.lists.run.together";
  private static final String EMPTY_HIDES = "compatibility.empty.attribute.hides";
  private static final String FROM = "from";
  private static final String TO = "to";
  private static final String PROMETHEUS_URL = "prometheus.url";
  private static final String JSON = "json";

  /** Adds these settings to {@code definition}. */
  public static ConfigDef define(ConfigDef definition) {
    defineLabels(definition);
    return TopicSettings.define(definition)
        .define(
            LEDGER_TOPIC,
            ConfigDef.Type.STRING,
            TopicContract.DEFAULT_LEDGER,
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "Topic of the books.")
        .define(
            APPLICATION_ID,
            ConfigDef.Type.STRING,
            "weir-streams",
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "Application id of the streams app: what its group has committed must be in the books.")
        .define(
            DEAD_LETTERS_TOPIC,
            ConfigDef.Type.STRING,
            TopicContract.DEFAULT_DEAD_LETTERS,
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "Topic of records that could not be read.")
        .define(
            DECISIONS_TOPIC,
            ConfigDef.Type.STRING,
            TopicContract.DEFAULT_DECISIONS,
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "Topic of what was decided by the clock.")
        .define(
            WINDOW,
            ConfigDef.Type.STRING,
            "15s",
            Durations.between("1s", "5m"),
            Importance.HIGH,
            "Length of a window, as the streams app has it.")
        .define(
            TIME_TYPE,
            ConfigDef.Type.STRING,
            AUTO,
            ConfigDef.ValidString.in(AUTO, CREATE_TIME, "LogAppendTime"),
            Importance.LOW,
            "Whose time the records of spans have, as the streams app has it; auto asks the topic.")
        .define(
            BOUND,
            ConfigDef.Type.STRING,
            AUTO,
            ConfigDef.LambdaValidator.with(
                (name, value) -> {
                  if (!AUTO.equals(value)) {
                    BOUNDS.ensureValid(name, value);
                  }
                },
                () -> "auto, or " + BOUNDS),
            Importance.MEDIUM,
            "How much earlier than its predecessors a record may be without being late, as the streams app has it; auto is 1s for the broker's time, 10s for the producers'.")
        .define(
            PROCESSORS,
            ConfigDef.Type.LIST,
            List.of("span-metrics", "service-graphs"),
            Importance.MEDIUM,
            "What the streams app derives from spans.")
        .define(
            FROM,
            ConfigDef.Type.STRING,
            "beginning",
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "First record, in each partition: beginning, an offset, or a time such as 2026-01-31T12:00:00Z.")
        .define(
            TO,
            ConfigDef.Type.STRING,
            "end",
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "Where to end, in each partition, exclusive: end, an offset, or a time.")
        .define(
            PROMETHEUS_URL,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "A Prometheus, such as http://localhost:9090, whose total of calls is compared with the recount.")
        .define(
            JSON,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether the result is printed for programs.");
  }

  private static void defineLabels(ConfigDef definition) {
    defineLength(definition, MAX_LABEL_VALUE, 2048, "Longest label value in bytes");
    defineLength(definition, MAX_LABEL_NAME, 1024, "Longest label name in bytes");
    defineList(definition, EXTERNAL_LABELS, List.of(), "Labels that every series gets");
    definition.define(
        TENANT_LABEL,
        ConfigDef.Type.STRING,
        "",
        Importance.LOW,
        "Label with the tenant's id, as the streams app has it.");
    defineList(
        definition,
        INTRINSICS,
        List.of("service", "span_name", "span_kind", "status_code"),
        "Labels of span metrics that are no attributes");
    defineList(definition, DIMENSIONS, List.of(), "Attributes that are labels of span metrics");
    defineList(definition, MAPPINGS, List.of(), "Labels that are made of several attributes");
    defineFlag(definition, TARGET_INFO, false, "Whether there are the labels job and instance");
    defineFlag(definition, INSTANCE_LABEL, true, "Whether there is instance among them");
    defineFlag(definition, LAST_DIMENSION, false, "Whether the last of two dimensions decides");
    defineFlag(definition, RUN_TOGETHER, false, "Whether arrays and maps have no separators");
    defineFlag(definition, EMPTY_HIDES, false, "Whether an empty attribute hides another one");
  }

  private static void defineLength(ConfigDef definition, String key, int length, String what) {
    definition.define(
        key,
        ConfigDef.Type.INT,
        length,
        ConfigDef.Range.between(0, 1 << 20),
        Importance.LOW,
        what + ", as the streams app has it; 0 is no limit.");
  }

  private static void defineList(
      ConfigDef definition, String key, List<String> values, String what) {
    definition.define(
        key, ConfigDef.Type.LIST, values, Importance.LOW, what + ", as the streams app has it.");
  }

  private static void defineFlag(ConfigDef definition, String key, boolean value, String what) {
    definition.define(
        key, ConfigDef.Type.BOOLEAN, value, Importance.LOW, what + ", as the streams app has it.");
  }

  /** Reads these settings. */
  public static AuditSettings from(Settings settings) {
    TopicSettings topics = TopicSettings.from(settings);
    List<String> processors = settings.list(PROCESSORS);
    RecountSettings told =
        new RecountSettings(
            topics.codec(),
            topics.multitenancy() ? Optional.empty() : Optional.of(TopicSettings.SINGLE_TENANT),
            settings.duration(WINDOW),
            false,
            RecountSettings.defaultBound(false),
            labels(settings),
            processors.stream().anyMatch(name -> name.startsWith("span-metrics")),
            processors.stream().anyMatch(name -> name.startsWith("service-graphs")));
    return new AuditSettings(
        topics,
        settings.string(LEDGER_TOPIC),
        settings.string(APPLICATION_ID),
        settings.string(DEAD_LETTERS_TOPIC),
        settings.string(DECISIONS_TOPIC),
        unlessAuto(settings, TIME_TYPE).map(CREATE_TIME::equals),
        unlessAuto(settings, BOUND).map(Durations::parse),
        told,
        position(settings, FROM),
        position(settings, TO),
        Optional.of(settings.string(PROMETHEUS_URL)).filter(url -> !url.isEmpty()),
        settings.flag(JSON));
  }

  private static Optional<String> unlessAuto(Settings settings, String key) {
    return Optional.of(settings.string(key)).filter(value -> !value.equals(AUTO));
  }

  private static LabelSettings labels(Settings settings) {
    Set<String> overwritten = new HashSet<>(Set.of(settings.string(TENANT_LABEL)));
    settings.list(EXTERNAL_LABELS).forEach(label -> overwritten.add(label.split("=", 2)[0].trim()));
    return new LabelSettings(
        Set.copyOf(settings.list(INTRINSICS)),
        settings.list(DIMENSIONS),
        mappings(settings),
        settings.flag(TARGET_INFO),
        settings.flag(INSTANCE_LABEL),
        settings.flag(LAST_DIMENSION),
        !settings.flag(RUN_TOGETHER),
        settings.flag(EMPTY_HIDES),
        overwritten,
        settings.integer(MAX_LABEL_NAME),
        settings.integer(MAX_LABEL_VALUE));
  }

  private static List<LabelSettings.Mapping> mappings(Settings settings) {
    try {
      return settings.list(MAPPINGS).stream().map(LabelSettings.Mapping::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingsException(
          "Invalid value for configuration %s: %s".formatted(MAPPINGS, e.getMessage()));
    }
  }

  private static Position position(Settings settings, String key) {
    String text = settings.string(key);
    return Position.parse(text)
        .orElseThrow(
            () ->
                new InvalidSettingsException(
                    "Invalid value %s for configuration %s: must be beginning, end, an offset, or a time such as 2026-01-31T12:00:00Z"
                        .formatted(text, key)));
  }

  /**
   * What the streams app was told, or has found out, about the records.
   *
   * @param topicSays whether the topic has the producers' time; asked only if it is not set
   */
  public RecountSettings recount(BooleanSupplier topicSays) {
    boolean producers = producersTime.orElseGet(topicSays::getAsBoolean);
    return told.at(producers, bound.orElse(RecountSettings.defaultBound(producers)));
  }

  /** Configuration for Kafka's clients. */
  public Map<String, Object> kafkaClient() {
    return topics.kafkaClient();
  }
}
