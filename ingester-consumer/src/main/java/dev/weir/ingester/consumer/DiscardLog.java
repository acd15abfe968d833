package dev.weir.ingester.consumer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs discarded records, at most one line in ten seconds. For one thread. */
final class DiscardLog {
  private static final Logger LOG = LoggerFactory.getLogger(DiscardLog.class);
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final InstantSource clock;
  private Instant next = Instant.MIN;
  private long unlogged;

  DiscardLog(InstantSource clock) {
    this.clock = clock;
  }

  void discarded(ConsumerRecord<byte[], byte[]> record, String fault) {
    Instant now = clock.instant();
    if (now.isBefore(next)) {
      unlogged++;
      return;
    }
    LOG.warn(
        "record {}-{} at offset {} is not kept: {} ({} more since the last such line)",
        record.topic(),
        record.partition(),
        record.offset(),
        fault,
        unlogged);
    next = now.plus(PAUSE);
    unlogged = 0;
  }
}
