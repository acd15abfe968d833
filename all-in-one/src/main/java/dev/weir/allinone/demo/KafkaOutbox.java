package dev.weir.allinone.demo;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.allinone.receiver.Labels;
import dev.weir.allinone.receiver.ReceivedSample;
import dev.weir.allinone.receiver.RemoteWriteRequests;
import dev.weir.allinone.replay.OutboxReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the outbox topic from the side, without a consumer group. */
public final class KafkaOutbox implements Outbox {
  private final Map<String, Object> client;
  private final String topic;

  /**
   * @param client configuration for Kafka's clients
   * @param topic the outbox
   */
  public KafkaOutbox(Map<String, Object> client, String topic) {
    this.client = client;
    this.topic = topic;
  }

  @Override
  public Map<Labels, Long> latestSince(long sinceMillis) {
    Map<Labels, Long> latest = new HashMap<>();
    try (OutboxReader outbox = new OutboxReader(client, topic)) {
      outbox.readSince(
          sinceMillis,
          (shard, tenant, key, request) ->
              samples(shard, request)
                  .forEach(
                      sample ->
                          latest.merge(sample.labels(), sample.timestampMillis(), Math::max)));
    }
    return latest;
  }

  private List<ReceivedSample> samples(int shard, byte[] request) {
    try {
      return RemoteWriteRequests.version2(request);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(
          "a record of %s-%d is no remote-write 2.0 request: %s"
              .formatted(topic, shard, e.getMessage()),
          e);
    }
  }
}
