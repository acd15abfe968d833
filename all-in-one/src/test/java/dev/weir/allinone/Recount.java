package dev.weir.allinone;

import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Counts the spans of the log the plain way: every record, parsed by protobuf-java. */
final class Recount {
  private Recount() {}

  /** Spans by what span metrics tell apart: service, name, kind, status. */
  static Map<String, Double> ofLog(Map<String, Object> client, String topic) throws Exception {
    Map<String, Double> counts = new TreeMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          TracesData.parseFrom(record.value())
              .getResourceSpansList()
              .forEach(spans -> count(spans, counts));
        }
      }
    }
    return counts;
  }

  private static void count(ResourceSpans spans, Map<String, Double> counts) {
    String service =
        spans.getResource().getAttributesList().stream()
            .filter(attribute -> attribute.getKey().equals("service.name"))
            .findFirst()
            .map(KeyValue::getValue)
            .orElseThrow()
            .getStringValue();
    spans.getScopeSpansList().stream()
        .flatMap(scope -> scope.getSpansList().stream())
        .forEach(span -> counts.merge(key(service, span), 1.0, Double::sum));
  }

  private static String key(String service, Span span) {
    return key(service, span.getName(), span.getKind().name(), span.getStatus().getCode().name());
  }

  /** The same of a series that Prometheus has. */
  static String key(Map<String, String> labels) {
    Map<String, String> known = new HashMap<>(labels);
    return key(
        known.get("service"),
        known.get("span_name"),
        known.get("span_kind"),
        known.get("status_code"));
  }

  private static String key(String service, String name, String kind, String status) {
    return String.join(" | ", service, name, kind, status);
  }
}
