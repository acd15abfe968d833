package dev.weir.allinone.replay;

import dev.weir.allinone.terminal.Terminal;
import dev.weir.schemas.topic.Topics;
import dev.weir.streams.application.StreamsApp;
import dev.weir.streams.config.StreamsSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * Runs the topology once more over the whole log, under a name of its own and without targets, and
 * compares its outbox with the live one: byte-equal, or the numbers are not a function of the log.
 * Reads of the live application nothing but the log and the outbox, and writes nothing of it.
 */
public final class Replay {
  private static final int EQUAL = 0;
  private static final int DIFFERENT = 1;
  private static final int CANNOT = 2;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final ReplaySettings settings;
  private final Terminal terminal;
  private final Map<String, Object> client;

  public Replay(ReplaySettings settings, Terminal terminal) {
    this.settings = settings;
    this.terminal = terminal;
    this.client = settings.live().topics().kafkaClient();
  }

  /**
   * Replays and compares.
   *
   * @return 0 if what is in the live outbox now comes out again, 1 if not, 2 if that cannot be told
   */
  public int run() throws InterruptedException {
    try (OutboxReader live = new OutboxReader(client, settings.live().samples().name())) {
      String obstacle = obstacle(live);
      if (!obstacle.isEmpty()) {
        terminal.error(obstacle);
        return CANNOT;
      }
      live.readToEnd();
      long records = live.fingerprints().values().stream().mapToLong(List::size).sum();
      terminal.step(
          "The live outbox holds %,d records; computing again as '%s'"
              .formatted(records, settings.name()));
      return compare(live);
    }
  }

  private String obstacle(OutboxReader live) {
    int shards = settings.live().aggregate().shards();
    if (live.partitions() != shards) {
      return "shards=%d, but %s has %d partitions: say --shards %d"
          .formatted(
              shards, settings.live().samples().name(), live.partitions(), live.partitions());
    }
    if (live.isCut()) {
      return "the beginning of %s is gone (samples.retention): there is nothing to compare from"
          .formatted(settings.live().samples().name());
    }
    if (isCut(settings.live().topics().spans().name())) {
      return "the beginning of %s is gone (spans.retention): totals cannot be computed again"
          .formatted(settings.live().topics().spans().name());
    }
    return "";
  }

  private boolean isCut(String topic) {
    int partitions =
        Topics.ensure(client, List.of(settings.live().topics().spans())).getOrDefault(topic, 0);
    Map<TopicPartition, OffsetSpec> earliest =
        java.util.stream.IntStream.range(0, partitions)
            .boxed()
            .collect(
                java.util.stream.Collectors.toMap(
                    p -> new TopicPartition(topic, p), p -> OffsetSpec.earliest()));
    try (Admin admin = Admin.create(client)) {
      return admin.listOffsets(earliest).all().get().values().stream()
          .mapToLong(ListOffsetsResultInfo::offset)
          .anyMatch(offset -> offset > 0);
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the offsets of %s cannot be read: %s".formatted(topic, e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private int compare(OutboxReader live) throws InterruptedException {
    StreamsSettings again = settings.replayed();
    Leftovers leftovers = new Leftovers(client, again);
    if (!leftovers.remove()) { // a group that has offsets would not begin at the beginning
      terminal.error(
          "a replay called '%s' is running: say --as with another name, or wait until its session has ended"
              .formatted(settings.name()));
      return CANNOT;
    }
    Topics.ensure(client, List.of(again.samples()));
    try (StreamsApp app =
            new StreamsApp(again, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        OutboxReader replay = new OutboxReader(client, again.samples().name())) {
      app.start();
      return verdict(follow(app, live, replay));
    } finally {
      if (!settings.keep() && !leftovers.remove()) {
        terminal.error("the group %s has members still and stays".formatted(again.applicationId()));
      }
    }
  }

  private OutboxComparison follow(StreamsApp app, OutboxReader live, OutboxReader replay)
      throws InterruptedException {
    OutboxComparison comparison = OutboxComparison.of(live.fingerprints(), replay.fingerprints());
    long lastProgress = System.nanoTime();
    while (!comparison.isComplete()
        && !app.fatal().isDone()
        && System.nanoTime() - lastProgress < settings.patience().toNanos()) {
      Thread.sleep(LOOK_AGAIN.toMillis());
      replay.readToEnd();
      OutboxComparison next = OutboxComparison.of(live.fingerprints(), replay.fingerprints());
      if (next.compared() > comparison.compared()) {
        lastProgress = System.nanoTime();
        terminal.step("%,d records equal, %,d to go".formatted(next.compared(), next.missing()));
      }
      comparison = next;
    }
    return comparison;
  }

  private int verdict(OutboxComparison comparison) {
    comparison.differences().forEach(terminal::error);
    if (comparison.isEqual()) {
      terminal.step(
          "Equal: %,d records came out again to the bit".formatted(comparison.compared()));
      return EQUAL;
    }
    terminal.error(
        "Different: %,d records equal, %,d did not come out again"
            .formatted(comparison.compared(), comparison.missing()));
    return DIFFERENT;
  }
}
