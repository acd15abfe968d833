package dev.weir.streams.config;

import dev.weir.app.settings.Durations;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import dev.weir.app.topics.GroupMembership;
import dev.weir.app.topics.TopicSettings;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.topic.TopicContract;
import dev.weir.streams.aggregate.AggregateSettings;
import dev.weir.streams.merge.MergeSettings;
import dev.weir.streams.remotewrite.RemoteWriteTarget;
import dev.weir.streams.remotewrite.RemoteWriteTargets;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.servicegraph.EdgeSettings;
import dev.weir.streams.servicegraph.PeerNames;
import dev.weir.streams.servicegraph.ServiceGraphSettings;
import dev.weir.streams.spanmetrics.DimensionMapping;
import dev.weir.streams.spanmetrics.Dimensions;
import dev.weir.streams.spanmetrics.Intrinsic;
import dev.weir.streams.spanmetrics.SpanMetricsSettings;
import dev.weir.streams.spanmetrics.TargetInfoSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * The settings of the streams app.
 *
 * @param topics where the spans are
 * @param applicationId name of the consumer group, and prefix of internal topics and of state
 * @param membership how this instance is a member of its groups
 * @param stateDirectory where RocksDB keeps its files
 * @param threads stream threads
 * @param commitInterval how often offsets, state and output are committed together
 * @param standbyReplicas copies of state on other instances
 * @param rocksDbMemoryBytes budget of native memory for all stores
 * @param idleMarks whether quiet partitions are marked; the topic of spans must then be writable
 * @param samples the outbox topic
 * @param ledger the topic of the books
 * @param deadLetters the topic of records that could not be read
 * @param aggregate how spans become deltas
 * @param merge how deltas become samples
 * @param targets where samples are sent
 */
public record StreamsSettings(
    TopicSettings topics,
    String applicationId,
    GroupMembership membership,
    Path stateDirectory,
    int threads,
    Duration commitInterval,
    int standbyReplicas,
    long rocksDbMemoryBytes,
    boolean idleMarks,
    TopicContract samples,
    TopicContract ledger,
    TopicContract deadLetters,
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
  private static final String RECORD_TIME_BOUND = "record.time.bound";
  private static final String STALE_AFTER = "stale.after";
  private static final String IDLE_MARKS = "idle.marks";
  private static final String SAMPLES_TOPIC = "samples.topic";
  private static final String SAMPLES_RETENTION = "samples.retention";
  private static final String LEDGER_TOPIC = "ledger.topic";
  private static final String LEDGER_RETENTION = "ledger.retention";
  private static final String DEAD_LETTERS_TOPIC = "dead.letters.topic";
  private static final String DEAD_LETTERS_RETENTION = "dead.letters.retention";
  private static final String PROCESSORS = "processors";
  private static final String SPAN_METRICS_BUCKETS = "span.metrics.histogram.buckets";
  private static final String INTRINSIC_DIMENSIONS = "span.metrics.intrinsic.dimensions";
  private static final String DIMENSIONS = "span.metrics.dimensions";
  private static final String DIMENSION_MAPPINGS = "span.metrics.dimension.mappings";
  private static final String SPAN_METRICS_FILTER = "span.metrics.filter.policies";
  private static final String TARGET_INFO = "span.metrics.target.info.enabled";
  private static final String TARGET_INFO_EXCLUDED = "span.metrics.target.info.excluded.dimensions";
  private static final String INSTANCE_LABEL = "span.metrics.instance.label.enabled";
  private static final String SERVICE_GRAPH_BUCKETS = "service.graph.histogram.buckets";
  private static final String SERVICE_GRAPH_FILTER = "service.graph.filter.policies";
  private static final String SERVICE_GRAPH_WAIT = "service.graph.wait";
  private static final String SERVICE_GRAPH_MAX_ITEMS = "service.graph.max.items";
  private static final String PEER_ATTRIBUTES = "service.graph.peer.attributes";
  private static final String EDGE_DIMENSIONS = "service.graph.dimensions";
  private static final String CLIENT_SERVER_PREFIX = "service.graph.enable.client.server.prefix";
  private static final String VIRTUAL_NODE_LABEL = "service.graph.enable.virtual.node.label";
  private static final String MESSAGING_LATENCY =
      "service.graph.enable.messaging.system.latency.histogram";
  private static final String MAX_LABEL_VALUE = "max.label.value.length";
  private static final String REMOTE_WRITE_URL = "remote.write.url";
  private static final String REMOTE_WRITE_CONFIG = "remote.write.config";

  private static final List<String> DEFAULT_SPAN_METRICS_BUCKETS =
      List.of(
          "0.002", "0.004", "0.008", "0.016", "0.032", "0.064", "0.128", "0.256", "0.512", "1.024",
          "2.048", "4.096", "8.192", "16.384");
  private static final List<String> DEFAULT_SERVICE_GRAPH_BUCKETS =
      List.of("0.1", "0.2", "0.4", "0.8", "1.6", "3.2", "6.4", "12.8");
  private static final String SPAN_METRICS = "span-metrics";
  private static final String SERVICE_GRAPHS = "service-graphs";
  private static final String CONNECTION_INFO = "service-graphs-connection-info";
  private static final String[] INTRINSICS =
      Arrays.stream(Intrinsic.values()).map(Intrinsic::label).toArray(String[]::new);
  private static final long MEBIBYTE = 1L << 20;

  public StreamsSettings {
    targets = List.copyOf(targets);
  }

  /** Adds these settings to {@code definition}. */
  public static ConfigDef define(ConfigDef definition) {
    TopicSettings.define(definition);
    GroupMembership.define(definition);
    defineRuntime(definition);
    defineWindows(definition);
    defineTopics(definition);
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
            "1s",
            Durations.between("10ms", "30s"),
            Importance.MEDIUM,
            "How often offsets, state and output are committed together; shorter costs throughput, longer adds to the age of samples.")
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
            RECORD_TIME_BOUND,
            ConfigDef.Type.STRING,
            "1s",
            Durations.between("0s", "1h"),
            Importance.MEDIUM,
            "How much earlier than its predecessors a record of the same partition may be without being late.")
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
            "Whether empty records are appended to quiet partitions of spans, so that windows can close.");
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
            "How long records that could not be read are kept.");
  }

  private static ConfigDef defineEdges(ConfigDef definition) {
    return definition
        .define(
            EDGE_DIMENSIONS,
            ConfigDef.Type.LIST,
            List.of(),
            Importance.MEDIUM,
            "Attributes, of the resource or else of the span, that become labels of edges.")
        .define(
            CLIENT_SERVER_PREFIX,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether each side of an edge has labels of its own for dimensions, named client_ and server_ and the dimension. If not there is one label with the server's value, or the client's if that is empty.")
        .define(
            VIRTUAL_NODE_LABEL,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether the label virtual_node says which side of an edge, client or server, was not seen.")
        .define(
            MESSAGING_LATENCY,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether the time from the end of a producer's span to the begin of its consumer's is observed.");
  }

  private static ConfigDef defineProcessors(ConfigDef definition) {
    return defineEdges(definition)
        .define(
            PROCESSORS,
            ConfigDef.Type.LIST,
            List.of(SPAN_METRICS, SERVICE_GRAPHS),
            ConfigDef.ValidList.in(false, SPAN_METRICS, SERVICE_GRAPHS, CONNECTION_INFO),
            Importance.HIGH,
            "What is derived from spans.")
        .define(
            SPAN_METRICS_BUCKETS,
            ConfigDef.Type.LIST,
            DEFAULT_SPAN_METRICS_BUCKETS,
            Importance.MEDIUM,
            "Upper bounds, in seconds, of the buckets of span latency. Fixed for an application id.")
        .define(
            INTRINSIC_DIMENSIONS,
            ConfigDef.Type.LIST,
            List.of("service", "span_name", "span_kind", "status_code"),
            ConfigDef.ValidList.in(INTRINSICS),
            Importance.MEDIUM,
            "Labels of span metrics that are no attributes; status_message is one more.")
        .define(
            DIMENSIONS,
            ConfigDef.Type.LIST,
            List.of(),
            Importance.MEDIUM,
            "Keys of attributes that are labels of span metrics, too; the resource's is taken before the span's. A character that a label's name cannot have becomes _, and __ goes before a name that an intrinsic dimension could have.")
        .define(
            DIMENSION_MAPPINGS,
            ConfigDef.Type.LIST,
            List.of(),
            Importance.MEDIUM,
            "Labels of span metrics that are made of several attributes, each as name=join:source;source, for example endpoint=/:http.method;http.route. The values that are not empty are joined by what stands between the first = and the last :, which has no comma.")
        .define(
            SPAN_METRICS_FILTER,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "File with a filter_policies section in Tempo's form: which spans are counted by span metrics. Empty for all.")
        .define(
            TARGET_INFO,
            ConfigDef.Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether span metrics have the labels job and instance, and traces_target_info tells the other attributes of resources.")
        .define(
            TARGET_INFO_EXCLUDED,
            ConfigDef.Type.LIST,
            List.of(),
            Importance.LOW,
            "Attributes of resources that traces_target_info does not tell.")
        .define(
            INSTANCE_LABEL,
            ConfigDef.Type.BOOLEAN,
            true,
            Importance.LOW,
            "Whether there is the label instance where span.metrics.target.info.enabled brings it.")
        .define(
            SERVICE_GRAPH_FILTER,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "File with a filter_policies section in Tempo's form: which spans take part in the service graph. Empty for all. The other side of a rejected span waits in vain.")
        .define(
            SERVICE_GRAPH_BUCKETS,
            ConfigDef.Type.LIST,
            DEFAULT_SERVICE_GRAPH_BUCKETS,
            Importance.MEDIUM,
            "Upper bounds, in seconds, of the buckets of the latency of edges. Fixed for an application id.")
        .define(
            SERVICE_GRAPH_WAIT,
            ConfigDef.Type.STRING,
            "10s",
            Durations.between("1ms", "24h"),
            Importance.MEDIUM,
            "How long one side of a call waits for the other, in the time of records.")
        .define(
            SERVICE_GRAPH_MAX_ITEMS,
            ConfigDef.Type.INT,
            250_000,
            ConfigDef.Range.between(1, 100_000_000),
            Importance.MEDIUM,
            "How many sides of calls may wait in one partition; the oldest gives way.")
        .define(
            PEER_ATTRIBUTES,
            ConfigDef.Type.LIST,
            PeerNames.DEFAULT_PEER_ATTRIBUTES,
            Importance.MEDIUM,
            "Span attributes that name the other side of a call nobody answered; the first one present counts.")
        .define(
            MAX_LABEL_VALUE,
            ConfigDef.Type.INT,
            2048,
            ConfigDef.Range.between(0, 1 << 20),
            Importance.LOW,
            "Longest label value in bytes; longer ones are cut between characters. 0 is no limit.")
        .define(
            REMOTE_WRITE_URL,
            ConfigDef.Type.LIST,
            List.of(),
            Importance.HIGH,
            "Prometheus remote-write endpoints that samples are sent to.")
        .define(
            REMOTE_WRITE_CONFIG,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "File with a remote_write section in Prometheus's form, for targets that need more than a URL.");
  }

  /**
   * The same for a second application that computes again from the same log: nothing of it reaches
   * the topics of the first one, its targets, or the log itself.
   *
   * @param name what its topics and its application id end with
   * @param directory where its state is kept
   */
  public StreamsSettings apart(String name, Path directory) {
    return new StreamsSettings(
        topics,
        applicationId + "-" + name,
        new GroupMembership("", membership.sessionTimeout()),
        directory,
        threads,
        commitInterval,
        0,
        rocksDbMemoryBytes,
        false,
        apart(samples, name),
        apart(ledger, name),
        apart(deadLetters, name),
        aggregate,
        merge,
        List.of());
  }

  private static TopicContract apart(TopicContract topic, String name) {
    return new TopicContract(topic.name() + "." + name, topic.partitions(), topic.configs());
  }

  /** Reads these settings. */
  public static StreamsSettings from(Settings settings) {
    TopicSettings topics = TopicSettings.from(settings);
    HistogramBounds spanMetricsBounds = bounds(settings, SPAN_METRICS_BUCKETS);
    HistogramBounds serviceGraphBounds = bounds(settings, SERVICE_GRAPH_BUCKETS);
    Duration window = settings.duration(WINDOW);
    return new StreamsSettings(
        topics,
        settings.string(APPLICATION_ID),
        GroupMembership.from(settings),
        Path.of(settings.string(STATE_DIR)),
        settings.integer(STREAM_THREADS),
        settings.duration(COMMIT_INTERVAL),
        settings.integer(STANDBY_REPLICAS),
        settings.longInteger(ROCKSDB_MEMORY),
        settings.flag(IDLE_MARKS),
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
        new AggregateSettings(
            topics.codec(),
            window,
            settings.duration(RECORD_TIME_BOUND),
            settings.integer(SHARDS),
            settings.integer(MAX_LABEL_VALUE),
            new SpanMetricsSettings(
                settings.list(PROCESSORS).contains(SPAN_METRICS),
                spanMetricsBounds,
                dimensions(settings),
                FilterPoliciesFile.read(SPAN_METRICS_FILTER, settings.string(SPAN_METRICS_FILTER)),
                new TargetInfoSettings(
                    settings.flag(TARGET_INFO),
                    Set.copyOf(settings.list(TARGET_INFO_EXCLUDED)),
                    settings.flag(INSTANCE_LABEL))),
            new ServiceGraphSettings(
                settings.list(PROCESSORS).contains(SERVICE_GRAPHS)
                    || settings.list(PROCESSORS).contains(CONNECTION_INFO),
                serviceGraphBounds,
                settings.duration(SERVICE_GRAPH_WAIT),
                settings.integer(SERVICE_GRAPH_MAX_ITEMS),
                settings.list(PEER_ATTRIBUTES),
                edges(settings),
                FilterPoliciesFile.read(
                    SERVICE_GRAPH_FILTER, settings.string(SERVICE_GRAPH_FILTER)))),
        new MergeSettings(
            window,
            windows(settings.duration(STALE_AFTER), window),
            Map.of(
                MetricGroup.SPAN_METRICS,
                spanMetricsBounds,
                MetricGroup.SERVICE_GRAPH,
                serviceGraphBounds)),
        targets(settings));
  }

  private static List<RemoteWriteTarget> targets(Settings settings) {
    List<RemoteWriteTarget> targets =
        new ArrayList<>(RemoteWriteTargets.ofUrls(settings.list(REMOTE_WRITE_URL)));
    String file = settings.string(REMOTE_WRITE_CONFIG);
    if (!file.isEmpty()) {
      targets.addAll(RemoteWriteTargets.read(Path.of(file)));
    }
    return targets;
  }

  private static int windows(Duration duration, Duration window) {
    return Math.toIntExact(
        Math.max(1, (duration.toMillis() + window.toMillis() - 1) / window.toMillis()));
  }

  private static Dimensions dimensions(Settings settings) {
    try {
      return new Dimensions(
          settings.list(INTRINSIC_DIMENSIONS).stream()
              .map(label -> Intrinsic.valueOf(label.toUpperCase(Locale.ROOT)))
              .collect(Collectors.toSet()),
          settings.list(DIMENSIONS),
          settings.list(DIMENSION_MAPPINGS).stream().map(DimensionMapping::parse).toList());
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingsException(
          "Invalid value for configuration %s or %s: %s"
              .formatted(DIMENSIONS, DIMENSION_MAPPINGS, e.getMessage()));
    }
  }

  private static HistogramBounds bounds(Settings settings, String key) {
    List<String> texts = settings.list(key);
    try {
      return new HistogramBounds(texts.stream().map(Double::parseDouble).toList());
    } catch (IllegalArgumentException e) { // NumberFormatException is one
      throw new InvalidSettingsException(
          "Invalid value %s for configuration %s: %s"
              .formatted(String.join(",", texts), key, e.getMessage()));
    }
  }

  private static EdgeSettings edges(Settings settings) {
    List<String> dimensions = settings.list(EDGE_DIMENSIONS);
    try {
      return new EdgeSettings(
          dimensions,
          settings.flag(CLIENT_SERVER_PREFIX),
          settings.flag(VIRTUAL_NODE_LABEL),
          settings.list(PROCESSORS).contains(SERVICE_GRAPHS),
          settings.list(PROCESSORS).contains(SERVICE_GRAPHS) && settings.flag(MESSAGING_LATENCY),
          settings.list(PROCESSORS).contains(CONNECTION_INFO));
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingsException(
          "Invalid value %s for configuration %s: %s"
              .formatted(String.join(",", dimensions), EDGE_DIMENSIONS, e.getMessage()));
    }
  }
}
