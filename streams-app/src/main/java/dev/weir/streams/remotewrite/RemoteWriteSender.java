package dev.weir.streams.remotewrite;

import dev.weir.app.lifecycle.Readiness;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;

/**
 * Delivers every record of the outbox topic to every target at least once: per partition in order,
 * with one request under way, partitions and targets independent of each other. What a target
 * cannot take now is tried until it can; what it refuses is counted and skipped, sample by sample.
 *
 * <p>Records have the tenant id as key and a remote-write 2.0 request as value. A record that is
 * sent twice is equal to the last bit.
 *
 * <p>{@link #start} and {@link #close} are for one thread; {@link #readiness} for any.
 */
public final class RemoteWriteSender implements AutoCloseable {
  private final List<TargetSender> senders;
  private boolean started;

  /**
   * Opens nothing yet.
   *
   * @param kafkaClient configuration for Kafka's consumer, at least {@code bootstrap.servers}; what
   *     delivery depends on is set by the sender
   * @param samplesTopic the outbox
   * @param groupPrefix each target's consumer group is called {@code <groupPrefix>-<target name>}
   * @param targets any number; with none the sender does nothing
   * @param registry gets the meters {@code weir.sender.…}, one set per target
   * @param clock for dates in {@code Retry-After}, intervals of commits and of repeated log lines
   * @param random spreads retries; thread-safe, as {@link java.util.Random} is
   * @throws dev.weir.app.settings.InvalidSettingsException if two targets have the same name
   */
  public RemoteWriteSender(
      Map<String, Object> kafkaClient,
      String samplesTopic,
      String groupPrefix,
      List<RemoteWriteTarget> targets,
      MeterRegistry registry,
      Clock clock,
      RandomGenerator random) {
    senders =
        RemoteWriteTargets.withUniqueNames(targets).stream()
            .map(
                target ->
                    new TargetSender(
                        target,
                        samplesTopic,
                        consumerConfig(kafkaClient, groupPrefix + "-" + target.name()),
                        new SenderMetrics(registry, target.name()),
                        clock,
                        random))
            .toList();
  }

  /** Starts delivering, in the background. */
  public void start() {
    if (!started) {
      started = true;
      senders.forEach(TargetSender::start);
    }
  }

  /**
   * One part per target. It is unready while the outbox cannot be read; whether the target answers
   * is in the detail only, since nothing is lost while it does not.
   */
  public Readiness readiness() {
    if (senders.isEmpty()) {
      return Readiness.of("remote-write", () -> true, () -> "no targets");
    }
    return () -> senders.stream().map(TargetSender::check).toList();
  }

  /**
   * Waits about 2 s for requests under way, commits what is delivered and stops. The rest is
   * delivered after the next start.
   */
  @Override
  public void close() {
    senders.forEach(TargetSender::stop);
    senders.forEach(TargetSender::close);
  }

  private static Map<String, Object> consumerConfig(Map<String, Object> client, String group) {
    Map<String, Object> config = new HashMap<>(client);
    config.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "64");
    config.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, "16777216");
    if (!"consumer".equals(config.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG))) {
      // a rebalance leaves the shards that stay here alone
      config.putIfAbsent(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          CooperativeStickyAssignor.class.getName());
    }
    config.merge(ConsumerConfig.CLIENT_ID_CONFIG, group, (given, own) -> given + "-" + own);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    // where to go on is decided here, so that a gap is counted
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    return config;
  }
}
