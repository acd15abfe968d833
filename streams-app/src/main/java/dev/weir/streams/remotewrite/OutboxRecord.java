package dev.weir.streams.remotewrite;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record of the outbox, checked as far as sending it needs.
 *
 * @param tenant whose samples they are
 * @param request with references that stay within its symbols
 * @param place where it stands in the outbox, for log lines
 */
record OutboxRecord(String tenant, Request request, String place) {

  /** A record that can never be sent. */
  static final class MalformedRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    MalformedRecordException(String reason) {
      super(reason);
      this.reason = reason;
    }

    String reason() {
      return reason;
    }
  }

  /** Whose record it is, by its key alone; records without one share an empty name. */
  static String tenantOf(ConsumerRecord<byte[], byte[]> kafkaRecord) {
    byte[] key = kafkaRecord.key();
    return key == null ? "" : new String(key, StandardCharsets.UTF_8);
  }

  static OutboxRecord of(ConsumerRecord<byte[], byte[]> kafkaRecord)
      throws MalformedRecordException {
    if (kafkaRecord.key() == null || kafkaRecord.value() == null) {
      throw new MalformedRecordException("it has no key or no value");
    }
    String tenant = new String(kafkaRecord.key(), StandardCharsets.UTF_8);
    if (tenant.isEmpty() || tenant.chars().anyMatch(Character::isISOControl)) {
      throw new MalformedRecordException("its tenant cannot stand in an HTTP header");
    }
    return new OutboxRecord(tenant, request(kafkaRecord.value()), placeOf(kafkaRecord));
  }

  /** Such as {@code offset 7 of weir.samples-0}. */
  static String placeOf(ConsumerRecord<byte[], byte[]> kafkaRecord) {
    return "offset %d of %s-%d"
        .formatted(kafkaRecord.offset(), kafkaRecord.topic(), kafkaRecord.partition());
  }

  private static Request request(byte[] value) throws MalformedRecordException {
    try {
      Request request = Request.parseFrom(value);
      for (TimeSeries series : request.getTimeseriesList()) {
        check(series, request.getSymbolsCount());
      }
      return request;
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedRecordException("it is no remote-write 2.0 request: " + e.getMessage());
    }
  }

  private static void check(TimeSeries series, int symbols) throws MalformedRecordException {
    checkPairs(series.getLabelsRefsList(), symbols);
    for (var exemplar : series.getExemplarsList()) {
      checkPairs(exemplar.getLabelsRefsList(), symbols);
    }
    if (series.hasMetadata()) {
      checkRef(series.getMetadata().getHelpRef(), symbols);
      checkRef(series.getMetadata().getUnitRef(), symbols);
    }
  }

  private static void checkPairs(List<Integer> refs, int symbols) throws MalformedRecordException {
    if (refs.size() % 2 != 0) {
      throw new MalformedRecordException(
          "labels need a name and a value each, but there are %d references"
              .formatted(refs.size()));
    }
    for (int ref : refs) {
      checkRef(ref, symbols);
    }
  }

  private static void checkRef(int ref, int symbols) throws MalformedRecordException {
    if (ref < 0 || ref >= symbols) {
      throw new MalformedRecordException(
          "it refers to symbol %s of %d".formatted(Integer.toUnsignedString(ref), symbols));
    }
  }
}
