package dev.weir.ingester.consumer;

import dev.weir.app.topics.TopicSettings;
import dev.weir.ingester.livetraces.LiveTraces;
import dev.weir.ingester.telemetry.IngesterMetrics;
import dev.weir.ingester.telemetry.IngesterMetrics.DiscardReason;
import dev.weir.ingester.tenant.TenantId;
import dev.weir.ingester.trace.ScannedTraces;
import dev.weir.ingester.trace.TraceScanner;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.topic.IdleMark;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Takes one record after the other into the live traces; one that cannot be used is counted, logged
 * and passed over. For one thread.
 */
final class RecordIngest {
  private static final TenantId SINGLE_TENANT = new TenantId(TopicSettings.SINGLE_TENANT);

  private final TracesDecoder decoder;
  private final TraceScanner scanner = new TraceScanner();
  private final LiveTraces liveTraces;
  private final boolean multitenancy;
  private final IngesterMetrics metrics;
  private final DiscardLog log;

  RecordIngest(
      TopicSettings topic, LiveTraces liveTraces, IngesterMetrics metrics, InstantSource clock) {
    this.decoder = new TracesDecoder(topic.codec());
    this.multitenancy = topic.multitenancy();
    this.liveTraces = liveTraces;
    this.metrics = metrics;
    this.log = new DiscardLog(clock);
  }

  void take(ConsumerRecord<byte[], byte[]> record) {
    metrics.recordRead();
    if (isEmpty(record)) {
      liveTraces.skip(record.partition(), record.offset());
      return;
    }
    Optional<TenantId> tenant = tenantOf(record.key());
    if (tenant.isEmpty()) {
      discard(record, DiscardReason.INVALID_TENANT, "its key is no tenant id: it " + TenantId.RULE);
      return;
    }
    try {
      keep(record, tenant.get(), scanner.scan(decoder.decode(record.value())));
    } catch (MalformedOtlpException e) {
      discard(record, DiscardReason.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  private void keep(ConsumerRecord<byte[], byte[]> record, TenantId tenant, ScannedTraces traces) {
    metrics.received(tenant, traces.spans(), traces.spansWithoutTrace(), traces.bytes().length);
    if (traces.ids().isEmpty()) {
      liveTraces.skip(record.partition(), record.offset());
    } else {
      liveTraces.append(record.partition(), record.offset(), tenant, traces, record.timestamp());
    }
  }

  private void discard(ConsumerRecord<byte[], byte[]> record, DiscardReason reason, String fault) {
    liveTraces.skip(record.partition(), record.offset());
    metrics.recordDiscarded(reason);
    log.discarded(record, fault);
  }

  private Optional<TenantId> tenantOf(byte[] key) {
    if (!multitenancy) {
      return Optional.of(SINGLE_TENANT);
    }
    if (key == null || key.length == 0) {
      metrics.recordWithoutTenant();
      return Optional.of(SINGLE_TENANT);
    }
    return TenantId.parse(new String(key, StandardCharsets.UTF_8));
  }

  private static boolean isEmpty(ConsumerRecord<byte[], byte[]> record) {
    return IdleMark.isIdleMark(record.headers())
        || record.value() == null
        || record.value().length == 0;
  }
}
