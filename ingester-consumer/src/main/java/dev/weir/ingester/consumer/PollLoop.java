package dev.weir.ingester.consumer;

import dev.weir.ingester.livetraces.LiveTraces;
import dev.weir.ingester.telemetry.IngesterMetrics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer's turns: poll, take the records, cut what is due, commit what is durable. It polls
 * on while segments are being written; when memory is full it polls paused. For one thread.
 */
final class PollLoop implements ConsumerRebalanceListener {
  private static final Logger LOG = LoggerFactory.getLogger(PollLoop.class);
  private static final Duration POLL = Duration.ofMillis(100);

  /** Turns that a last commit may take. */
  private static final int LAST_TURNS = 100;

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final RecordIngest ingest;
  private final LiveTraces liveTraces;
  private final SegmentUploads uploads;
  private final long liveMaxBytes;
  private final Duration patience;
  private final IngesterMetrics metrics;
  private final Map<Integer, Assignment> assignments = new TreeMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();
  private volatile int assigned = -1;

  /**
   * @param liveMaxBytes above this, nothing more is fetched
   * @param patience how long a revocation waits for writes
   */
  PollLoop(
      Consumer<byte[], byte[]> consumer,
      String topic,
      RecordIngest ingest,
      LiveTraces liveTraces,
      SegmentUploads uploads,
      long liveMaxBytes,
      Duration patience,
      IngesterMetrics metrics) {
    this.consumer = consumer;
    this.topic = topic;
    this.ingest = ingest;
    this.liveTraces = liveTraces;
    this.uploads = uploads;
    this.liveMaxBytes = liveMaxBytes;
    this.patience = patience;
    this.metrics = metrics;
  }

  void subscribe() {
    consumer.subscribe(List.of(topic), this);
  }

  /** Does one turn, of at most about 100 ms unless the group rebalances. */
  void turn() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      ingest.take(record);
    }
    liveTraces.due().forEach(this::cut);
    commitFinished();
    pauseWhenFull();
    measureLag();
  }

  /** Cuts everything, waits for it within bounds, commits what is durable. */
  void finish() {
    List.copyOf(assignments.keySet()).forEach(this::cut);
    uploads.await(patience);
    commitFinished();
    for (int turn = 0; turn < LAST_TURNS && !uncommitted.isEmpty(); turn++) {
      consumer.pause(consumer.assignment());
      consumer.poll(POLL); // nothing commits while the group rebalances, and that needs polls
      commitFinished();
    }
    release(assignments.keySet());
  }

  /** Partitions it has; negative before the group's first assignment. Any thread. */
  int assigned() {
    return assigned;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    partitions.forEach(
        added ->
            assignments.put(added.partition(), new Assignment(metrics.lag(added.partition()))));
    assigned = assignments.size();
    LOG.info("{} partitions assigned, {} in all", partitions.size(), assigned);
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    release(partitions.stream().map(TopicPartition::partition).toList());
  }

  /** Another instance reads them already, from what was committed; nothing to save. */
  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    partitions.forEach(lost -> forget(lost.partition()));
  }

  private void release(Collection<Integer> partitions) {
    List<Integer> released = partitions.stream().filter(assignments::containsKey).toList();
    if (released.isEmpty()) {
      return; // finished before it leaves the group
    }
    released.forEach(this::cut);
    uploads.await(patience);
    try {
      commitFinished();
    } finally {
      released.forEach(this::forget);
    }
  }

  private void forget(int partition) {
    Assignment ended = assignments.remove(partition);
    if (ended != null) {
      ended.lag().close();
    }
    liveTraces.drop(partition);
    uncommitted.remove(new TopicPartition(topic, partition));
    assigned = assignments.size();
  }

  private void cut(int partition) {
    Assignment assignment = assignments.get(partition);
    if (assignment != null) {
      liveTraces
          .cut(partition)
          .ifPresent(segment -> uploads.submit(new Upload(segment, assignment)));
    }
  }

  @SuppressWarnings("ReferenceEquality") // assignments are compared by identity
  private void commitFinished() {
    for (Upload upload : uploads.finished()) {
      int partition = upload.segment().partition();
      if (assignments.get(partition) == upload.assignment()) {
        uncommitted.put(
            new TopicPartition(topic, partition),
            new OffsetAndMetadata(upload.segment().lastOffset() + 1));
      }
    }
    if (!uncommitted.isEmpty()) {
      commit();
    }
  }

  private void commit() {
    try {
      consumer.commitSync(Map.copyOf(uncommitted), patience);
      uncommitted.clear();
    } catch (RetriableException | RebalanceInProgressException e) {
      LOG.debug("offsets are committed in a later turn: {}", e.toString());
    } catch (CommitFailedException e) {
      LOG.warn("offsets cannot be committed, their records are read again: {}", e.getMessage());
      uncommitted.clear(); // the next poll says that the partitions are lost
    }
  }

  /** Asked every turn, since partitions that have just been assigned are not paused. */
  private void pauseWhenFull() {
    if (liveTraces.bytes() < liveMaxBytes) {
      consumer.resume(consumer.paused());
      return;
    }
    consumer.pause(consumer.assignment());
    if (uploads.isIdle()) { // many partitions fill the memory before one of them is due
      liveTraces.openPartitions().forEach(this::cut);
    }
  }

  private void measureLag() {
    if (consumer.paused().isEmpty()) {
      assignments.forEach(this::measureLag);
      return;
    }
    try { // a fetch would have told the ends, but there is none
      consumer.endOffsets(consumer.assignment(), POLL).forEach(this::measureLag);
    } catch (RetriableException e) {
      LOG.debug("lag is not known: {}", e.toString());
    }
  }

  private void measureLag(int partition, Assignment assignment) {
    consumer
        .currentLag(new TopicPartition(topic, partition))
        .ifPresent(records -> assignment.lag().set(records));
  }

  private void measureLag(TopicPartition partition, long end) {
    Assignment assignment = assignments.get(partition.partition());
    if (assignment != null) {
      assignment.lag().set(Math.max(0, end - consumer.position(partition, POLL)));
    }
  }
}
