package dev.weir.audit.kafka;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import dev.weir.audit.books.DeadLetters;
import dev.weir.audit.books.Entry;
import dev.weir.audit.config.Position;
import dev.weir.audit.recount.LogRecord;
import dev.weir.audit.recount.LoggedDecision;
import dev.weir.schemas.topic.DeadLetterHeaders;
import dev.weir.schemas.topic.IdleMark;
import dev.weir.schemas.v1.CompleteThrough;
import dev.weir.schemas.v1.Decision;
import dev.weir.schemas.v1.GivenUp;
import dev.weir.schemas.v1.LedgerEntry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what was committed in the topics of spans, books and dead letters, without a consumer
 * group. Not thread-safe.
 */
public final class AuditedTopics implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(200);

  private final Map<String, Object> client;
  private final KafkaConsumer<byte[], byte[]> consumer;

  /**
   * @param client configuration for Kafka's clients
   */
  public AuditedTopics(Map<String, Object> client) {
    this.client = Map.copyOf(client);
    Map<String, Object> config = new HashMap<>(client);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** The partitions of a topic. */
  public List<TopicPartition> partitions(String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  /** Offset of the first record that is still there. */
  public long beginning(TopicPartition partition) {
    return consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
  }

  /** Offset behind the last committed record. */
  public long end(TopicPartition partition) {
    return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
  }

  /** The offset at a place. */
  public long offset(TopicPartition partition, Position position) {
    if (position instanceof Position.Offset offset) {
      return offset.offset();
    }
    if (position instanceof Position.Time time) {
      OffsetAndTimestamp found =
          consumer.offsetsForTimes(Map.of(partition, time.time().toEpochMilli())).get(partition);
      return found == null ? end(partition) : found.offset();
    }
    return position instanceof Position.Beginning ? beginning(partition) : end(partition);
  }

  /** What a group has committed, by partition of a topic. */
  public Map<Integer, Long> committed(String group, String topic) {
    try (Admin admin = Admin.create(client)) {
      Map<Integer, Long> offsets = new HashMap<>();
      admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get()
          .forEach(
              (partition, offset) -> {
                if (partition.topic().equals(topic) && offset != null) {
                  offsets.put(partition.partition(), offset.offset());
                }
              });
      return offsets;
    } catch (ExecutionException e) {
      throw new KafkaException(
          "the offsets of group " + group + " cannot be read: " + e.getCause(), e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /**
   * Offset behind the last record, decided or not: to read to it is to wait for open transactions.
   */
  private long uncommittedEnd(TopicPartition partition) {
    try (Admin admin = Admin.create(client)) {
      return admin
          .listOffsets(
              Map.of(partition, OffsetSpec.latest()),
              new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
          .partitionResult(partition)
          .get()
          .offset();
    } catch (ExecutionException e) {
      throw new KafkaException("the end of " + partition + " cannot be read: " + e.getCause(), e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** The entries of a ledger by source partition, in order. */
  public Map<Integer, List<Entry>> ledger(String topic) {
    Map<Integer, List<Entry>> entries = new HashMap<>();
    for (TopicPartition partition : partitions(topic)) {
      read(
          partition,
          beginning(partition),
          uncommittedEnd(partition),
          record -> {
            Entry entry = Entry.of(parse(LedgerEntry.parser(), "ledger entry", record));
            entries.computeIfAbsent(entry.partition(), p -> new ArrayList<>()).add(entry);
          });
    }
    return entries;
  }

  /**
   * What was decided by the clock, by partition of a topic, in order; nothing if there is no topic
   * of decisions.
   */
  public Map<Integer, List<LoggedDecision>> decisions(String topic, String source) {
    Map<Integer, List<LoggedDecision>> decisions = new HashMap<>();
    if (!missing(List.of(topic)).isEmpty()) {
      return decisions;
    }
    for (TopicPartition partition : partitions(topic)) {
      List<LoggedDecision> of =
          decisions.computeIfAbsent(partition.partition(), p -> new ArrayList<>());
      read(
          partition,
          beginning(partition),
          end(partition),
          record -> {
            Decision decision = parse(Decision.parser(), "decision", record);
            if (decision.getGivenUp().getTopic().equals(source)) {
              GivenUp givenUp = decision.getGivenUp();
              of.add(
                  new LoggedDecision(
                      givenUp.getBeforeOffset(), givenUp.getOpenFromUnixMillis(), true));
            } else if (decision.getCompleteThrough().getTopic().equals(source)) {
              CompleteThrough through = decision.getCompleteThrough();
              of.add(
                  new LoggedDecision(
                      through.getEndOffset(), through.getCompleteThroughUnixMillis(), false));
            }
          });
    }
    return decisions;
  }

  /** Whether a topic has lost nothing, or does not exist. */
  public boolean isWhole(String topic) {
    return !missing(List.of(topic)).isEmpty()
        || partitions(topic).stream().allMatch(partition -> beginning(partition) == 0);
  }

  private static <T> T parse(Parser<T> parser, String what, ConsumerRecord<byte[], byte[]> record) {
    try {
      return parser.parseFrom(record.value());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(
          "offset %d of %s-%d is no %s: %s"
              .formatted(record.offset(), record.topic(), record.partition(), what, e.getMessage()),
          e);
    }
  }

  /** The dead letters of a source topic by its partition. */
  public Map<Integer, DeadLetters> deadLetters(String topic, String source) {
    Map<Integer, DeadLetters> letters = new HashMap<>();
    for (TopicPartition partition : partitions(topic)) {
      boolean complete = beginning(partition) == 0;
      letters.computeIfAbsent(partition.partition(), p -> new DeadLetters(p, complete));
      read(
          partition,
          beginning(partition),
          end(partition),
          record -> {
            if (header(record, DeadLetterHeaders.TOPIC).equals(source)) {
              int origin = (int) number(record, DeadLetterHeaders.PARTITION);
              letters
                  .computeIfAbsent(origin, p -> new DeadLetters(p, complete))
                  .letter(number(record, DeadLetterHeaders.OFFSET));
            }
          });
    }
    return letters;
  }

  private static long number(ConsumerRecord<byte[], byte[]> record, String name) {
    String text = header(record, name);
    if (!text.matches("\\d{1,18}")) {
      throw new IllegalStateException(
          "offset %d of %s-%d: header %s is '%s', no number"
              .formatted(record.offset(), record.topic(), record.partition(), name, text));
    }
    return Long.parseLong(text);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** Shows the records of spans in a range of offsets. */
  public void spans(TopicPartition partition, long from, long to, Consumer<LogRecord> each) {
    read(
        partition,
        from,
        to,
        record ->
            each.accept(
                new LogRecord(
                    record.offset(),
                    record.timestamp(),
                    bytes(record.key()),
                    bytes(record.value()),
                    IdleMark.isIdleMark(record.headers()))));
  }

  private static ByteString bytes(byte @Nullable [] bytes) {
    return bytes == null ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(bytes);
  }

  private void read(
      TopicPartition partition, long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    consumer.assign(List.of(partition));
    consumer.seek(partition, from);
    long lastProgress = System.nanoTime();
    while (consumer.position(partition) < to) {
      long before = consumer.position(partition);
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < to) {
          each.accept(record);
        }
      }
      lastProgress = consumer.position(partition) > before ? System.nanoTime() : lastProgress;
      if (System.nanoTime() - lastProgress > PATIENCE.toNanos()) {
        throw new KafkaException(
            "%s gives nothing from offset %d on for %d s"
                .formatted(partition, before, PATIENCE.toSeconds()));
      }
    }
  }

  /** The names of the topics among {@code topics} that do not exist. */
  public List<String> missing(List<String> topics) {
    return topics.stream()
        .filter(topic -> !consumer.listTopics().containsKey(topic))
        .collect(Collectors.toList());
  }

  @Override
  public void close() {
    consumer.close();
  }
}
