package dev.weir.ingester.config;

import dev.weir.app.settings.Durations;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import dev.weir.app.topics.GroupMembership;
import dev.weir.app.topics.TopicSettings;
import dev.weir.ingester.livetraces.CutPolicy;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * The settings of the ingester.
 *
 * @param topic where the spans are
 * @param groupId the consumer group
 * @param membership how this instance is a member of that group
 * @param cut when a partition's open segment is written to the backend
 * @param liveMaxBytes heap for what is not in the backend yet, above which nothing more is fetched
 * @param filterCacheBytes heap for the filters of segments
 * @param retention how long segments are kept after their newest record
 * @param shutdownTimeout how long a stop or a rebalance waits for segments that are being written
 * @param localPath directory of the backend {@code local}
 */
public record IngesterSettings(
    TopicSettings topic,
    String groupId,
    GroupMembership membership,
    CutPolicy cut,
    long liveMaxBytes,
    long filterCacheBytes,
    Duration retention,
    Duration shutdownTimeout,
    Path localPath) {
  private static final String GROUP_ID = "ingester.group.id";
  private static final String SEGMENT_MAX_AGE = "ingester.segment.max.age";
  private static final String SEGMENT_MAX_SIZE = "ingester.segment.max.size";
  private static final String LIVE_MAX_SIZE = "ingester.live.max.size";
  private static final String FILTER_CACHE_SIZE = "ingester.filter.cache.size";
  private static final String RETENTION = "ingester.retention";
  private static final String SHUTDOWN_TIMEOUT = "ingester.shutdown.timeout";
  private static final String BACKEND = "backend";
  private static final String LOCAL_PATH = "backend.local.path";

  private static final long MIB = 1024L * 1024;

  public IngesterSettings {
    if (cut.maxBytes() > liveMaxBytes) {
      throw new InvalidSettingsException(
          "%s=%d must not be larger than %s=%d, or no segment ever reaches it"
              .formatted(SEGMENT_MAX_SIZE, cut.maxBytes(), LIVE_MAX_SIZE, liveMaxBytes));
    }
  }

  /** Adds these settings, and those of the topic of spans, to {@code definition}. */
  public static ConfigDef define(ConfigDef definition) {
    return GroupMembership.define(TopicSettings.define(definition))
        .define(
            GROUP_ID,
            ConfigDef.Type.STRING,
            "weir-ingester",
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "Consumer group of the ingesters; those of one group share the partitions.")
        .define(
            SEGMENT_MAX_AGE,
            ConfigDef.Type.STRING,
            "30s",
            Durations.between("100ms", "1h"),
            Importance.MEDIUM,
            "Age at which a partition's open segment is written to the backend.")
        .define(
            SEGMENT_MAX_SIZE,
            ConfigDef.Type.LONG,
            64 * MIB,
            ConfigDef.Range.between(1024, 1024 * MIB),
            Importance.MEDIUM,
            "Size at which a partition's open segment is written to the backend, in bytes before compression.")
        .define(
            LIVE_MAX_SIZE,
            ConfigDef.Type.LONG,
            256 * MIB,
            ConfigDef.Range.atLeast(1024),
            Importance.HIGH,
            "Heap for spans that are not in the backend yet, in bytes; above it nothing more is fetched. One fetch may come on top.")
        .define(
            FILTER_CACHE_SIZE,
            ConfigDef.Type.LONG,
            64 * MIB,
            ConfigDef.Range.atLeast(0),
            Importance.LOW,
            "Heap for the trace id filters of segments, in bytes; those that do not fit are read for each query.")
        .define(
            RETENTION,
            ConfigDef.Type.STRING,
            "48h",
            Durations.between("1m", "3650d"),
            Importance.HIGH,
            "How long a segment is kept after its newest record.")
        .define(
            SHUTDOWN_TIMEOUT,
            ConfigDef.Type.STRING,
            "20s",
            Durations.between("1s", "2m"),
            Importance.LOW,
            "How long a stop or a rebalance waits for segments that are being written; what is not written is read again.")
        .define(
            BACKEND,
            ConfigDef.Type.STRING,
            "local",
            ConfigDef.ValidString.in("local"),
            Importance.HIGH,
            "Where traces are kept: local is a directory.")
        .define(
            LOCAL_PATH,
            ConfigDef.Type.STRING,
            "./weir-traces",
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "Directory of the backend local; made if it does not exist.");
  }

  /** Reads these settings. */
  public static IngesterSettings from(Settings settings) {
    return new IngesterSettings(
        TopicSettings.from(settings),
        settings.string(GROUP_ID),
        GroupMembership.from(settings),
        new CutPolicy(settings.duration(SEGMENT_MAX_AGE), settings.longInteger(SEGMENT_MAX_SIZE)),
        settings.longInteger(LIVE_MAX_SIZE),
        settings.longInteger(FILTER_CACHE_SIZE),
        settings.duration(RETENTION),
        settings.duration(SHUTDOWN_TIMEOUT),
        Path.of(settings.string(LOCAL_PATH)));
  }
}
