package dev.weir.allinone.replay;

import dev.weir.allinone.shadow.Drain;
import dev.weir.allinone.terminal.Terminal;
import dev.weir.streams.config.StreamsSettings;
import dev.weir.streams.remotewrite.RemoteWriteSender;
import dev.weir.streams.remotewrite.RemoteWriteTarget;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/**
 * Sends the outbox of a replay to targets, as the live sender does, until they have all of it.
 * Interrupted and started again it goes on where the targets are.
 */
final class Sending {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
  private static final Duration TELL = Duration.ofSeconds(5);

  private final StreamsSettings replayed;
  private final List<RemoteWriteTarget> targets;
  private final Terminal terminal;

  Sending(StreamsSettings replayed, List<RemoteWriteTarget> targets, Terminal terminal) {
    this.replayed = replayed;
    this.targets = targets;
    this.terminal = terminal;
  }

  /** Sends; returns whether the targets took everything. */
  boolean run() throws InterruptedException {
    Map<String, Object> client = replayed.topics().kafkaClient();
    String group = replayed.applicationId() + "-sender";
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (RemoteWriteSender sender =
            new RemoteWriteSender(
                client,
                replayed.samples().name(),
                group,
                targets,
                registry,
                Clock.systemUTC(),
                new Random());
        Drain drain = new Drain(client)) {
      sender.start();
      long told = System.nanoTime();
      while (!haveAll(drain, group)) {
        Thread.sleep(LOOK_AGAIN.toMillis());
        if (System.nanoTime() - told > TELL.toNanos()) {
          told = System.nanoTime();
          terminal.step("%,.0f samples taken".formatted(sum(registry, "weir.sender.samples.sent")));
        }
      }
    }
    double refused = sum(registry, "weir.sender.samples.refused");
    terminal.step(
        "%,.0f samples taken, %,.0f refused"
            .formatted(sum(registry, "weir.sender.samples.sent"), refused));
    return refused == 0;
  }

  private boolean haveAll(Drain drain, String group) {
    List<TopicPartition> shards =
        IntStream.range(0, replayed.samples().partitions())
            .mapToObj(shard -> new TopicPartition(replayed.samples().name(), shard))
            .toList();
    return targets.stream()
        .allMatch(target -> drain.isDrained(shards, drain.committed(group + "-" + target.name())));
  }

  private static double sum(SimpleMeterRegistry registry, String meter) {
    return registry.find(meter).counters().stream().mapToDouble(Counter::count).sum();
  }
}
