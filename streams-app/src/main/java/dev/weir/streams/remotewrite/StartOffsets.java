package dev.weir.streams.remotewrite;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a consumer goes on when its group's offset does not say. For the consumer's thread. */
final class StartOffsets {
  private static final Logger log = LoggerFactory.getLogger(StartOffsets.class);

  /** What {@link Shards} commits with an offset. */
  private static final Predicate<String> TIMESTAMP =
      Pattern.compile("\\d{1,18}").asMatchPredicate();

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
  Map<TopicPartition, Long> skipWhatIsGone(
      Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> positions) {
    Map<TopicPartition, Long> earliest = consumer.beginningOffsets(positions.keySet(), timeout);
    Map<TopicPartition, Long> times = gapMillis(consumer, positions.keySet());
    positions.forEach(
        (partition, position) -> {
          long goOnAt = earliest.getOrDefault(partition, 0L);
          Duration time = Duration.ofMillis(times.getOrDefault(partition, 0L));
          count(partition, position, goOnAt, time);
          consumer.seek(partition, goOnAt);
        });
    return earliest;
  }

  /** From the time that was committed with the offset to the oldest record that is left. */
  private Map<TopicPartition, Long> gapMillis(
      Consumer<byte[], byte[]> consumer, Set<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(partitions, timeout);
    Map<TopicPartition, Long> fromTheFirst = new HashMap<>();
    partitions.forEach(partition -> fromTheFirst.put(partition, 0L));
    Map<TopicPartition, Long> gaps = new HashMap<>();
    consumer
        .offsetsForTimes(fromTheFirst, timeout)
        .forEach(
            (partition, oldest) -> {
              OffsetAndMetadata offset = committed.get(partition);
              if (oldest != null && offset != null && TIMESTAMP.test(offset.metadata())) {
                long since = Long.parseLong(offset.metadata());
                gaps.put(partition, Math.max(oldest.timestamp() - since, 0));
              }
            });
    return gaps;
  }

  /** Offsets are counted, so markers of transactions count too: at most so many were lost. */
  private void count(TopicPartition partition, long position, long goOnAt, Duration time) {
    long lost = goOnAt > position ? goOnAt - position : 0;
    metrics.lost(lost, lost == 0 ? Duration.ZERO : time);
    log.error(
        "remote-write target {} never gets {} records of {}, which is {} of time: offset {} is no longer there, and it goes on at {}",
        target,
        lost,
        partition,
        time,
        position,
        goOnAt);
  }
}
