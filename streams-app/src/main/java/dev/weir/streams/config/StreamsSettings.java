package dev.weir.streams.config;

import dev.weir.app.settings.Durations;
import dev.weir.app.settings.Settings;
import dev.weir.app.topics.GroupMembership;
import dev.weir.app.topics.TopicSettings;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.topic.TopicContract;
import dev.weir.streams.aggregate.AggregateSettings;
import dev.weir.streams.aggregate.RecordTime;
import dev.weir.streams.merge.MergeSettings;
import dev.weir.streams.outbox.SampleNaming;
import dev.weir.streams.overrides.TenantSettings;
import dev.weir.streams.remotewrite.RemoteWriteTarget;
import dev.weir.streams.servicegraph.ServiceGraphSettings;
import dev.weir.streams.spanmetrics.SpanMetricsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The settings of the streams app.
 *
 * @param topics where the spans are
 * @param applicationId name of the consumer group, and prefix of internal topics and of state
 * @param membership how this instance is a member of its groups
 * @param groupProtocol how instances share their work
 * @param stateDirectory where RocksDB keeps its files
 * @param threads stream threads
 * @param commitInterval how often offsets, state and output are committed together
 * @param standbyReplicas copies of state on other instances
 * @param rocksDbMemoryBytes budget of native memory for all stores
 * @param recordTime whose clock the records' times come from, as far as it is set
 * @param idle how time passes in partitions of spans without records
 * @param samples the outbox topic
 * @param ledger the topic of the books
 * @param deadLetters the topic of records that could not be read
 * @param decisions the topic of what was decided by the clock, of quiet partitions or of those that
 *     are behind
 * @param spanNames the topic of what is new in labels
 * @param overrides where settings by tenant come from
 * @param aggregate how spans become deltas; their record time is found out at the start
 * @param merge how deltas become samples
 * @param targets where samples are sent
 */
public record StreamsSettings(
    TopicSettings topics,
    String applicationId,
    GroupMembership membership,
    GroupProtocol groupProtocol,
    Path stateDirectory,
    int threads,
    Duration commitInterval,
    int standbyReplicas,
    long rocksDbMemoryBytes,
    RecordTimeConfig recordTime,
    IdlePartitions idle,
    TopicContract samples,
    TopicContract ledger,
    TopicContract deadLetters,
    TopicContract decisions,
    TopicContract spanNames,
    OverridesSettings overrides,
    AggregateSettings aggregate,
    MergeSettings merge,
    List<RemoteWriteTarget> targets) {
  private static final String APPLICATION_ID = "application.id";
  private static final String STATE_DIR = "state.dir";
  private static final String STREAM_THREADS = "stream.threads";
  private static final String COMMIT_INTERVAL = "commit.interval";
  private static final String STANDBY_REPLICAS = "standby.replicas";
  private static final String ROCKSDB_MEMORY = "rocksdb.memory.bytes";
  private static final String SHARDS = "shards";
  private static final String WINDOW = "window";
  private static final String STALE_AFTER = "stale.after";
  private static final String IDLE_MARKS = "idle.marks";
  private static final String SAMPLES_TOPIC = "samples.topic";
  private static final String SAMPLES_RETENTION = "samples.retention";
  private static final String LEDGER_TOPIC = "ledger.topic";
  private static final String LEDGER_RETENTION = "ledger.retention";
  private static final String DEAD_LETTERS_TOPIC = "dead.letters.topic";
  private static final String DEAD_LETTERS_RETENTION = "dead.letters.retention";
  private static final String DECISIONS_TOPIC = "decisions.topic";
  private static final String DECISIONS_RETENTION = "decisions.retention";

  private static final String SPAN_NAMES_TOPIC = "span.names.topic";
  private static final String SPAN_NAMES_RETENTION = "span.names.retention";

  private static final long MEBIBYTE = 1L << 20;

  public StreamsSettings {
    targets = List.copyOf(targets);
  }

  /** Adds these settings to {@code definition}. */
  public static ConfigDef define(ConfigDef definition) {
    TopicSettings.define(definition);
    GroupMembership.define(definition);
    defineRuntime(definition);
    GroupProtocol.define(definition);
    defineWindows(definition);
    RecordTimeConfig.define(definition);
    defineTopics(definition);
    OverridesConfig.define(definition);
    return defineProcessors(definition);
  }

  private static void defineRuntime(ConfigDef definition) {
    definition
        .define(
            APPLICATION_ID,
            ConfigDef.Type.STRING,
            "weir-streams",
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "Name of the consumer group, prefix of internal topics and of state; another one starts from nothing.")
        .define(
            STATE_DIR,
            ConfigDef.Type.STRING,
            "./weir-state",
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "Where RocksDB keeps its files. May be lost: state comes back from Kafka.")
        .define(
            STREAM_THREADS,
            ConfigDef.Type.INT,
            2,
            ConfigDef.Range.between(1, 256),
            Importance.MEDIUM,
            "Stream threads of this instance.")
        .define(
            COMMIT_INTERVAL,
            ConfigDef.Type.STRING,
            "5s",
            Durations.between("10ms", "30s"),
            Importance.MEDIUM,
            "How long offsets, state and output wait at most until they are committed together. What completes a window is committed at once, so that samples are not older for it. Shorter costs throughput, the more so the more label sets there are; longer is more to read again after a crash.")
        .define(
            STANDBY_REPLICAS,
            ConfigDef.Type.INT,
            0,
            ConfigDef.Range.between(0, 10),
            Importance.MEDIUM,
            "Copies of state on other instances, for a faster takeover.")
        .define(
            ROCKSDB_MEMORY,
            ConfigDef.Type.LONG,
            128 * MEBIBYTE,
            ConfigDef.Range.between(8 * MEBIBYTE, 1L << 42),
            Importance.MEDIUM,
            "Native memory for all stores of this instance.");
  }

  private static void defineWindows(ConfigDef definition) {
    definition
        .define(
            SHARDS,
            ConfigDef.Type.INT,
            8,
            ConfigDef.Range.between(1, 10_000),
            Importance.HIGH,
            "How many shards series are spread over: the upper bound of instances that merge. Fixed for an application id.")
        .define(
            WINDOW,
            ConfigDef.Type.STRING,
            "15s",
            Durations.between("1s", "5m"),
            Importance.HIGH,
            "Length of a window: every active series gets one sample at the end of each. Fixed for an application id.")
        .define(
            STALE_AFTER,
            ConfigDef.Type.STRING,
            "15m",
            Durations.between("1s", "24h"),
            Importance.MEDIUM,
            "After how long without growth a series ends with a staleness marker; rounded up to windows.")
        .define(
            IDLE_MARKS,
            ConfigDef.Type.BOOLEAN,
            true,
            Importance.MEDIUM,
            "Whether empty records are appended to quiet partitions of spans, so that windows can close. If not, as for a topic that Weir may only read, it finds out that it has read everything, and logs that as a decision.");
  }

  private static void defineTopics(ConfigDef definition) {
    definition
        .define(
            SAMPLES_TOPIC,
            ConfigDef.Type.STRING,
            TopicContract.DEFAULT_SAMPLES,
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "Topic in which samples wait for the targets; made if it does not exist.")
        .define(
            SAMPLES_RETENTION,
            ConfigDef.Type.STRING,
            "24h",
            Durations.between("1m", "3650d"),
            Importance.HIGH,
            "How long a target may be away.")
        .define(
            LEDGER_TOPIC,
            ConfigDef.Type.STRING,
            TopicContract.DEFAULT_LEDGER,
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "Topic of the books; made if it does not exist.")
        .define(
            LEDGER_RETENTION,
            ConfigDef.Type.STRING,
            "7d",
            Durations.between("1m", "3650d"),
            Importance.MEDIUM,
            "How long the books are kept.")
        .define(
            DEAD_LETTERS_TOPIC,
            ConfigDef.Type.STRING,
            TopicContract.DEFAULT_DEAD_LETTERS,
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "Topic of records that could not be read; made if it does not exist.")
        .define(
            DEAD_LETTERS_RETENTION,
            ConfigDef.Type.STRING,
            "7d",
            Durations.between("1m", "3650d"),
            Importance.MEDIUM,
            "How long records that could not be read are kept.")
        .define(
            DECISIONS_TOPIC,
            ConfigDef.Type.STRING,
            TopicContract.DEFAULT_DECISIONS,
            new ConfigDef.NonEmptyString(),
            Importance.LOW,
            "Topic of decisions, which a replay makes again; made if it does not exist.")
        .define(
            DECISIONS_RETENTION,
            ConfigDef.Type.STRING,
            "7d",
            Durations.between("1m", "3650d"),
            Importance.LOW,
            "How long decisions are kept; a replay needs those of its spans.")
        .define(
            SPAN_NAMES_TOPIC,
            ConfigDef.Type.STRING,
            TopicContract.DEFAULT_SPAN_NAMES,
            new ConfigDef.NonEmptyString(),
            Importance.LOW,
            "Topic of what is new in span names and values of labels, from which patterns and limits are learned; made if it does not exist. One for each application id.")
        .define(
            SPAN_NAMES_RETENTION,
            ConfigDef.Type.STRING,
            "6h",
            Durations.between("30m", "3650d"),
            Importance.LOW,
            "How long that is kept; what learns reads 25 minutes of it once more when it moves to another instance.");
  }

  private static ConfigDef defineProcessors(ConfigDef definition) {
    Processors.define(definition);
    LabelsConfig.define(definition);
    HistogramsConfig.define(definition);
    ExemplarsConfig.define(definition);
    SpanMetricsConfig.define(definition);
    ServiceGraphConfig.define(definition);
    HostInfoConfig.define(definition);
    Compatibility.define(definition);
    LimitsConfig.define(definition);
    RewritesConfig.define(definition);
    return TargetsConfig.define(definition);
  }

  /**
   * The same for a second application that computes again from the same log: nothing of it reaches
   * the topics of the first one, its targets, or the log itself. Whatever else shapes samples is
   * the same, so what the first application only reads, the second one reads, too. Its outbox is
   * kept until it is deleted: what was computed waits until all of it is.
   *
   * @param name what its topics and its application id end with
   * @param directory where its state is kept
   * @param base which settings are in force where neither file nor user says anything of a tenant
   */
  public StreamsSettings apart(String name, Path directory, OverridesSettings.Base base) {
    return new StreamsSettings(
        topics,
        applicationId + "-" + name,
        new GroupMembership("", membership.sessionTimeout()),
        GroupProtocol.CLASSIC,
        directory,
        threads,
        commitInterval,
        0,
        rocksDbMemoryBytes,
        recordTime,
        IdlePartitions.REPLAYED,
        kept(apart(samples, name)),
        apart(ledger, name),
        apart(deadLetters, name),
        decisions,
        spanNames,
        overrides.readOnly(base),
        aggregate.withoutGivingUp(), // but as it was decided
        merge,
        List.of());
  }

  /** The settings of tenants of which no version says anything. */
  public TenantSettings tenants() {
    return aggregate.tenants(merge.limits());
  }

  private static TopicContract apart(TopicContract topic, String name) {
    return new TopicContract(topic.name() + "." + name, topic.partitions(), topic.configs());
  }

  private static TopicContract kept(TopicContract topic) {
    Map<String, String> configs = new HashMap<>(topic.configs());
    configs.put(TopicConfig.RETENTION_MS_CONFIG, "-1");
    return new TopicContract(topic.name(), topic.partitions(), configs);
  }

  /** Reads these settings. */
  public static StreamsSettings from(Settings settings) {
    TopicSettings topics = TopicSettings.from(settings);
    GroupMembership membership = GroupMembership.from(settings);
    SpanMetricsSettings spanMetrics = SpanMetricsConfig.from(settings);
    ServiceGraphSettings serviceGraph = ServiceGraphConfig.from(settings);
    Duration window = settings.duration(WINDOW);
    RecordTimeConfig recordTime = RecordTimeConfig.from(settings);
    return new StreamsSettings(
        topics,
        settings.string(APPLICATION_ID),
        membership,
        GroupProtocol.from(
            settings,
            membership,
            settings.string(APPLICATION_ID),
            settings.integer(STANDBY_REPLICAS)),
        Path.of(settings.string(STATE_DIR)),
        settings.integer(STREAM_THREADS),
        settings.duration(COMMIT_INTERVAL),
        settings.integer(STANDBY_REPLICAS),
        settings.longInteger(ROCKSDB_MEMORY),
        recordTime,
        settings.flag(IDLE_MARKS) ? IdlePartitions.MARKED : IdlePartitions.DECIDED,
        TopicContract.samples(
            settings.string(SAMPLES_TOPIC),
            settings.integer(SHARDS),
            settings.duration(SAMPLES_RETENTION)),
        TopicContract.ledger(
            settings.string(LEDGER_TOPIC),
            topics.spans().partitions(),
            settings.duration(LEDGER_RETENTION)),
        TopicContract.deadLetters(
            settings.string(DEAD_LETTERS_TOPIC),
            topics.spans().partitions(),
            settings.duration(DEAD_LETTERS_RETENTION)),
        TopicContract.decisions(
            settings.string(DECISIONS_TOPIC),
            topics.spans().partitions(),
            settings.duration(DECISIONS_RETENTION)),
        TopicContract.spanNames(
            settings.string(SPAN_NAMES_TOPIC), settings.duration(SPAN_NAMES_RETENTION)),
        OverridesConfig.from(settings),
        new AggregateSettings(
            topics.codec(),
            window,
            RecordTime.ofBroker(),
            recordTime.maxHoldBack(),
            settings.integer(SHARDS),
            LabelsConfig.rules(settings),
            spanMetrics,
            serviceGraph,
            HostInfoConfig.from(settings),
            RewritesConfig.from(settings)),
        new MergeSettings(
            window,
            windows(settings.duration(STALE_AFTER), window),
            Map.of(
                MetricGroup.SPAN_METRICS,
                spanMetrics.bounds(),
                MetricGroup.SERVICE_GRAPH,
                serviceGraph.bounds()),
            Map.of(
                MetricGroup.SPAN_METRICS,
                spanMetrics.series().selection(),
                MetricGroup.SERVICE_GRAPH,
                serviceGraph.series().selection()),
            ExemplarsConfig.format(settings),
            new SampleNaming(HostInfoConfig.metricName(settings), LabelsConfig.external(settings)),
            settings.integer(SHARDS),
            LimitsConfig.from(settings, SHARDS, spanMetrics.bounds(), serviceGraph.bounds())),
        TargetsConfig.from(settings));
  }

  private static int windows(Duration duration, Duration window) {
    return Math.toIntExact(
        Math.max(1, (duration.toMillis() + window.toMillis() - 1) / window.toMillis()));
  }
}
