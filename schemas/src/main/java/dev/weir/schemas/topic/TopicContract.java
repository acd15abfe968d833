package dev.weir.schemas.topic;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What the applications rely on in a topic that they share.
 *
 * @param name the topic's name
 * @param partitions how many partitions it is made with, at least 1
 * @param configs the topic's own configuration; the rest is the broker's
 */
public record TopicContract(String name, int partitions, Map<String, String> configs) {

  /** Names unless settings give others. */
  public static final String DEFAULT_SPANS = "weir.spans";

  public static final String DEFAULT_SAMPLES = "weir.samples";
  public static final String DEFAULT_LEDGER = "weir.ledger";
  public static final String DEFAULT_DEAD_LETTERS = "weir.dead-letters";
  public static final String DEFAULT_SPAN_NAMES = "weir.span-names";
  public static final String DEFAULT_DECISIONS = "weir.decisions";
  public static final String DEFAULT_OVERRIDES = "weir.overrides";

  private static final String LOG_APPEND_TIME = "LogAppendTime";

  /** Largest record of spans, in bytes: what a stock Tempo distributor may write, with headroom. */
  public static final int MAX_SPANS_RECORD_BYTES = 16_000_000;

  public TopicContract {
    configs = Map.copyOf(configs);
    if (partitions < 1) {
      throw new IllegalArgumentException(
          "topic %s needs at least 1 partition, not %d".formatted(name, partitions));
    }
  }

  /**
   * Spans as they came: key tenant id, value by {@link SpanCodec}, partition by {@link
   * dev.weir.schemas.key.TracePartition}.
   */
  public static TopicContract spans(String name, int partitions, Duration retention) {
    return new TopicContract(
        name,
        partitions,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_DELETE,
            TopicConfig.RETENTION_MS_CONFIG,
            Long.toString(retention.toMillis()),
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
            LOG_APPEND_TIME,
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            Integer.toString(MAX_SPANS_RECORD_BYTES + 16_384)));
  }

  /**
   * The outbox: key tenant id, value a remote-write 2.0 request, partition is the shard. Kept from
   * the time of writing, so that retention says how long a target may be away.
   */
  public static TopicContract samples(String name, int shards, Duration retention) {
    return appended(name, shards, retention);
  }

  /**
   * The books: key tenant id, value a {@link dev.weir.schemas.v1.LedgerEntry}, partition that of
   * the spans.
   */
  public static TopicContract ledger(String name, int partitions, Duration retention) {
    return appended(name, partitions, retention);
  }

  /**
   * Records that could not be read: key and value as they were, origin and reason in headers,
   * partition that of the spans.
   */
  public static TopicContract deadLetters(String name, int partitions, Duration retention) {
    return spans(name, partitions, retention);
  }

  /**
   * What the first stage saw of span names, and of values of labels that may not have many: key
   * tenant id, value the label observations of the streams app. One partition, because what is
   * learned depends on the order.
   */
  public static TopicContract spanNames(String name, Duration retention) {
    return appended(name, 1, retention);
  }

  /**
   * Decisions: key the topic that they are about, value a {@link dev.weir.schemas.v1.Decision},
   * partition that of the spans.
   */
  public static TopicContract decisions(String name, int partitions, Duration retention) {
    return appended(name, partitions, retention);
  }

  /** The same with another number of partitions. */
  public TopicContract withPartitions(int otherPartitions) {
    return new TopicContract(name, otherPartitions, configs);
  }

  /**
   * The versions of settings that may differ by tenant, in one partition: key who says it, value an
   * object of JSON. Kept for ever, since a replay needs them from the first on.
   */
  public static TopicContract overrides(String name) {
    return new TopicContract(
        name,
        1,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_DELETE,
            TopicConfig.RETENTION_MS_CONFIG,
            "-1",
            TopicConfig.RETENTION_BYTES_CONFIG,
            "-1",
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
            LOG_APPEND_TIME,
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            Integer.toString(MAX_SPANS_RECORD_BYTES + 16_384)));
  }

  private static TopicContract appended(String name, int partitions, Duration retention) {
    return new TopicContract(
        name,
        partitions,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_DELETE,
            TopicConfig.RETENTION_MS_CONFIG,
            Long.toString(retention.toMillis()),
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
            LOG_APPEND_TIME));
  }
}
