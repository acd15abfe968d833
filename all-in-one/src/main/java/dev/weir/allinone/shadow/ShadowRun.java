package dev.weir.allinone.shadow;

import dev.weir.allinone.state.Changelogs;
import dev.weir.allinone.state.SnapshotDirectory;
import dev.weir.app.lifecycle.Readiness;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.schemas.topic.Topics;
import dev.weir.streams.application.StreamsApp;
import dev.weir.streams.config.StreamsSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One run of the topology over a stretch of the log. It reads of the live application nothing but
 * the log and writes nothing of it. When it has ended, everything that follows from the stretch is
 * in its outbox and in its state, and nothing else. Killed and started again it goes on. For one
 * thread.
 */
public final class ShadowRun implements AutoCloseable {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  /** Decisions behind the last records are made again by the clock, some time after these. */
  private static final Duration CALM = Duration.ofSeconds(2);

  private final Task task;
  private final StreamsSettings application;
  private final Leftovers leftovers;
  private final FileChannel lock;
  private final Optional<RunFile> before;
  private boolean isRemoved;

  /**
   * What came of a run.
   *
   * @param completeThroughMillis end of the last window whose samples are out, Unix milliseconds;
   *     empty if no window was complete
   * @param failure why it was given up, for people; empty if it was not
   */
  public record Outcome(OptionalLong completeThroughMillis, String failure) {}

  private ShadowRun(Task task, FileChannel lock) {
    this.task = task;
    this.lock = lock;
    this.application = task.application();
    this.leftovers = new Leftovers(application, task.directory());
    this.before = leftovers.exist() ? RunFile.read(task.directory()) : Optional.empty();
  }

  /**
   * Opens a run, new or interrupted.
   *
   * @throws InvalidSettingsException if one of that name is under way, or was begun to compute
   *     something else
   */
  public static ShadowRun open(Task task) {
    ShadowRun run = new ShadowRun(task, lock(task));
    try {
      run.before.ifPresent(run::requireSameTask);
    } catch (InvalidSettingsException e) {
      run.close();
      throw e;
    }
    return run;
  }

  private static FileChannel lock(Task task) {
    try {
      Path file = lockFile(task);
      Files.createDirectories(file.getParent());
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw underWay(task);
      }
      return channel;
    } catch (IOException e) {
      throw new UncheckedIOException("the directory of the run cannot be used", e);
    }
  }

  /** Beside the directory, which comes and goes. */
  private static Path lockFile(Task task) {
    Path directory = task.directory().toAbsolutePath();
    return directory.resolveSibling(directory.getFileName() + ".lock");
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) { // this very process holds it
      return null;
    }
  }

  private static InvalidSettingsException underWay(Task task) {
    return new InvalidSettingsException(
        "as=%s: a run of that name is under way: say another name, or wait until its session has ended (session.timeout)"
            .formatted(task.name()));
  }

  private void requireSameTask(RunFile run) {
    if (!run.task().equals(task.identity())) {
      throw new InvalidSettingsException(
          "as=%s: a run of that name was begun and interrupted, and it was another: '%s', now '%s'. Say the same to go on, another name, or --restart to begin anew"
              .formatted(task.name(), run.task(), task.identity()));
    }
  }

  /** Removes what an interrupted run of that name left, without opening it. */
  public static void discard(Task task) {
    try (ShadowRun run = new ShadowRun(task, lock(task))) {
      if (!run.remove()) {
        throw underWay(task);
      }
    }
  }

  /** The stretch of the run that was interrupted, if it goes on. */
  public Optional<Stretch> interrupted() {
    return before.map(RunFile::stretch);
  }

  /** The settings that it computes with. */
  public StreamsSettings application() {
    return application;
  }

  /**
   * Computes.
   *
   * @param stretch the part of the log; an interrupted run keeps that which it began with
   */
  public Outcome compute(Stretch stretch, Progress progress) throws InterruptedException {
    Stretch whole = interrupted().orElse(stretch);
    if (before.isEmpty()) {
      prepare(whole);
    }
    BoundedClients clients =
        new BoundedClients(application.topics().spans().name(), whole, task.rate());
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (StreamsApp app = new StreamsApp(application, registry, clients);
        Drain drain = new Drain(application.topics().kafkaClient())) {
      app.start();
      String failure = follow(app, drain, whole, progress);
      return new Outcome(app.completeThrough(), failure);
    }
  }

  /** Everything is made before the run file is written; without it, it is made again. */
  private void prepare(Stretch stretch) {
    if (!leftovers.remove()) {
      throw underWay(task);
    }
    Map<String, Object> client = application.topics().kafkaClient();
    Topics.ensure(client, List.of(application.samples()));
    task.seed()
        .ifPresent(
            seed ->
                new Changelogs(application)
                    .importFrom(seed, seed.describe(), stretch.from().size()));
    commit(client, stretch.from());
    try {
      Files.createDirectories(task.directory());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    new RunFile(task.identity(), stretch).write(task.directory());
  }

  private void commit(Map<String, Object> client, SortedMap<Integer, Long> from) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    from.forEach(
        (partition, offset) -> offsets.put(spans(partition), new OffsetAndMetadata(offset)));
    try (Admin admin = Admin.create(client)) {
      admin.alterConsumerGroupOffsets(application.applicationId(), offsets).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the beginning of the run cannot be set: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private TopicPartition spans(int partition) {
    return new TopicPartition(application.topics().spans().name(), partition);
  }

  private String follow(StreamsApp app, Drain drain, Stretch stretch, Progress progress)
      throws InterruptedException {
    Map<TopicPartition, Long> last = Map.of();
    long lastMoved = System.nanoTime();
    while (true) {
      Thread.sleep(LOOK_AGAIN.toMillis());
      if (app.fatal().isDone()) {
        return app.fatal().join();
      }
      long now = System.nanoTime();
      Map<TopicPartition, Long> committed = drain.committed(application.applicationId());
      progress.at(stretch.done(spans(committed)), stretch.length(), now);
      boolean ready = app.readiness().checks().stream().allMatch(Readiness.Check::ready);
      if (!committed.equals(last) || app.isClosingWindows()) {
        last = committed;
        lastMoved = now;
      } else if (now - lastMoved >= CALM.toNanos()
          && ready
          && isDone(drain, stretch, committed)
          && !app.isClosingWindows()) {
        return "";
      } else if (now - lastMoved > task.patience().toNanos()) {
        return "nothing has moved for %d s".formatted(task.patience().toSeconds());
      }
    }
  }

  private SortedMap<Integer, Long> spans(Map<TopicPartition, Long> committed) {
    SortedMap<Integer, Long> offsets = new TreeMap<>();
    committed.forEach(
        (partition, offset) -> {
          if (partition.topic().equals(application.topics().spans().name())) {
            offsets.put(partition.partition(), offset);
          }
        });
    return offsets;
  }

  /** The windows that are complete are closed only after all deltas have been read. */
  private boolean isDone(Drain drain, Stretch stretch, Map<TopicPartition, Long> committed) {
    return stretch.from().entrySet().stream()
            .allMatch(
                start ->
                    drain.isNothingBetween(
                        spans(start.getKey()),
                        committed.getOrDefault(spans(start.getKey()), start.getValue()),
                        stretch.end(start.getKey())))
        && drain.isDrained(
            drain.partitions(application.applicationId() + "-", "-repartition"), committed);
  }

  /** Writes the state in which the run has ended. */
  public SortedMap<String, Integer> exportTo(SnapshotDirectory directory) {
    return new Changelogs(application).exportTo(directory);
  }

  /** Removes everything that the run made; false if somebody else uses it. */
  public boolean remove() {
    isRemoved = leftovers.remove();
    return isRemoved;
  }

  /** What it made stays, so that a run of that name can go on. */
  @Override
  public void close() {
    try {
      if (isRemoved) {
        Files.deleteIfExists(lockFile(task));
      }
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
