package dev.weir.streams.remotewrite;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a consumer goes on when its group's offset does not say. For the consumer's thread. */
final class StartOffsets {
  private static final Logger log = LoggerFactory.getLogger(StartOffsets.class);

  private final RemoteWriteTarget target;
  private final SenderMetrics metrics;
  private final Duration timeout;

  /**
   * @param timeout for each question to the broker
   */
  StartOffsets(RemoteWriteTarget target, SenderMetrics metrics, Duration timeout) {
    this.target = target;
    this.metrics = metrics;
    this.timeout = timeout;
  }

  /** For a new group. Commits at once, so that what retention removes from now on is noticed. */
  void startAtEarliest(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
    consumer
        .beginningOffsets(partitions, timeout)
        .forEach(
            (partition, earliest) -> {
              consumer.seek(partition, earliest);
              consumer.commitSync(Map.of(partition, new OffsetAndMetadata(earliest)), timeout);
            });
  }

  /**
   * For offsets that retention has removed.
   *
   * @param positions where the consumer would have gone on
   * @return where it goes on
   */
  Map<TopicPartition, Long> skipWhatIsGone(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> positions) {
    Map<TopicPartition, Long> earliest = consumer.beginningOffsets(positions.keySet(), timeout);
    positions.forEach(
        (partition, position) -> {
          long goOnAt = earliest.getOrDefault(partition, 0L);
          count(partition, position, goOnAt);
          consumer.seek(partition, goOnAt);
        });
    return earliest;
  }

  /** Offsets are counted, so markers of transactions count too: at most so many were lost. */
  private void count(TopicPartition partition, long position, long goOnAt) {
    long lost = Math.max(goOnAt - position, 0);
    metrics.lost(lost);
    log.error(
        "remote-write target {} never gets {} records of {}: offset {} is no longer there, and it goes on at {}",
        target,
        lost,
        partition,
        position,
        goOnAt);
  }
}
