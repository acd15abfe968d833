package dev.weir.streams.application;

import dev.weir.app.lifecycle.Component;
import dev.weir.app.lifecycle.Readiness;
import dev.weir.app.topics.TopicSettings;
import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.schemas.topic.TopicContract;
import dev.weir.schemas.topic.Topics;
import dev.weir.streams.aggregate.AggregateSettings;
import dev.weir.streams.aggregate.RecordTime;
import dev.weir.streams.api.OverridesApi;
import dev.weir.streams.api.StatusApi;
import dev.weir.streams.config.StreamsSettings;
import dev.weir.streams.idlemark.DecisionLog;
import dev.weir.streams.idlemark.KafkaIdleMarker;
import dev.weir.streams.idlemark.KafkaPartitionEnds;
import dev.weir.streams.learner.LabelLearner;
import dev.weir.streams.learner.LearnerMeters;
import dev.weir.streams.merge.StateMismatchException;
import dev.weir.streams.overrides.LabelLearning;
import dev.weir.streams.overrides.Overrides;
import dev.weir.streams.overrides.OverridesVersion;
import dev.weir.streams.overrides.OverridesVersion.Source;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.overrides.UserOverrides;
import dev.weir.streams.overrides.Versions;
import dev.weir.streams.overrideslog.OverridesLog;
import dev.weir.streams.overrideslog.OverridesPublisher;
import dev.weir.streams.processor.TimeOfQuiet;
import dev.weir.streams.remotewrite.RemoteWriteSender;
import dev.weir.streams.telemetry.StreamsMeters;
import dev.weir.streams.topology.WeirTopology;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams app: topology and sender. Waits for the broker in the background if it is away at the
 * start.
 */
public final class StreamsApp implements Component {
  private static final Logger LOG = LoggerFactory.getLogger(StreamsApp.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration BROKER_RETRY = Duration.ofSeconds(1);

  private final StreamsSettings settings;
  private final PrometheusMeterRegistry registry;
  private final KafkaClientSupplier clients;
  private final StreamsMeters meters;
  private final OverridesMeters overridesMeters;
  private final RemoteWriteSender sender;
  private final CompletableFuture<String> fatal = new CompletableFuture<>();
  private final Thread starter = new Thread(this::startWhenBrokerAnswers, "streams-starter");
  private volatile String state = "waiting for the broker";
  private volatile @Nullable KafkaStreams streams;
  private volatile @Nullable OverridesLog overridesLog;
  private volatile @Nullable UserOverrides userOverrides;
  private @Nullable OverridesFileWatch fileWatch;
  private @Nullable LabelLearner labelLearner;
  private Runnable closeQuiet = () -> {};
  private @Nullable KafkaStreamsMetrics kafkaMetrics;
  private boolean closed;

  public StreamsApp(StreamsSettings settings, PrometheusMeterRegistry registry) {
    this(settings, registry, new StreamsClients());
  }

  /**
   * @param clients makes the clients of the topology; those of a replay end where it ends
   */
  public StreamsApp(
      StreamsSettings settings, PrometheusMeterRegistry registry, KafkaClientSupplier clients) {
    this.settings = settings;
    this.registry = registry;
    this.clients = clients;
    this.meters = new StreamsMeters(registry);
    this.overridesMeters = new OverridesMeters(settings.overrides().file().isPresent(), registry);
    this.sender =
        new RemoteWriteSender(
            senderClient(settings),
            settings.samples().name(),
            settings.applicationId() + "-sender",
            settings.targets(),
            registry,
            Clock.systemUTC(),
            new Random());
  }

  /**
   * A sender that was killed and comes back under its name need not wait until its session has
   * ended.
   */
  private static Map<String, Object> senderClient(StreamsSettings settings) {
    Map<String, Object> client = new HashMap<>(settings.topics().kafkaClient());
    client.putAll(settings.membership().consumerConfig());
    return client;
  }

  @Override
  public void start() {
    starter.start();
  }

  private void startWhenBrokerAnswers() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        Map<String, Integer> partitions =
            Topics.ensure(settings.topics().kafkaClient(), topics(spansPartitions()));
        RecordTime time = recordTime();
        startStreams(partitions, startOverrides(time), time);
        return;
      } catch (KafkaException e) {
        state = "waiting for the broker: " + e.getMessage();
        LOG.warn("{}", state);
        pause();
      } catch (RuntimeException e) {
        LOG.error("the topology does not start", e);
        fatal.complete(e.toString());
        return;
      }
    }
  }

  /** The process's own settings become a version before anything is processed with them. */
  private OverridesLog startOverrides(RecordTime time) {
    OverridesLog log = overridesLog(time);
    if (settings.overrides().publishes()) {
      OverridesPublisher publisher =
          new OverridesPublisher(
              settings.topics().kafkaClient(),
              settings.overrides().topic().name(),
              log,
              time.ahead());
      Overrides base = settings.tenants().toOverrides();
      publisher.publish(versions -> nextBase(versions, base));
      userOverrides = new UserOverrides(publisher);
      settings.overrides().file().ifPresent(file -> watch(file, publisher));
      learnLabels(publisher);
    }
    return log;
  }

  private static Optional<OverridesVersion> nextBase(Versions versions, Overrides base) {
    return versions.newest(Source.BASE, "").says().filter(base::equals).isPresent()
        ? Optional.empty()
        : Optional.of(OverridesVersion.base(versions.number() + 1, base));
  }

  private synchronized OverridesLog overridesLog(RecordTime time) {
    if (closed) {
      throw new InterruptException("closed while starting");
    }
    OverridesLog log = overridesLog;
    if (log == null) {
      Versions versions =
          settings
              .overrides()
              .newVersions(settings.aggregate().window().toMillis(), settings.tenants());
      overridesMeters.newestIn(versions::number);
      log =
          new OverridesLog(
              settings.topics().kafkaClient(),
              settings.overrides().topic().name(),
              versions,
              time.ahead(),
              Clock.systemUTC());
      overridesLog = log;
    }
    return log;
  }

  private synchronized void watch(Path file, OverridesPublisher publisher) {
    if (!closed && fileWatch == null) {
      OverridesFileWatch watch =
          new OverridesFileWatch(settings.overrides(), file, publisher, overridesMeters);
      fileWatch = watch;
      watch.start();
    }
  }

  private synchronized void learnLabels(OverridesPublisher publisher) {
    if (!closed && labelLearner == null) {
      Map<String, Object> client = new HashMap<>(settings.topics().kafkaClient());
      client.putAll(settings.membership().consumerConfig());
      client.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG); // another one should go on at once
      LabelLearner learner =
          new LabelLearner(
              client,
              settings.spanNames().name(),
              settings.applicationId() + "-labels",
              settings.aggregate().window(),
              () -> new LabelLearning(publisher),
              Clock.systemUTC(),
              new LearnerMeters(registry));
      labelLearner = learner;
      learner.start();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(BROKER_RETRY.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int spansPartitions() {
    TopicContract spans = settings.topics().spans();
    return Topics.ensure(settings.topics().kafkaClient(), List.of(spans))
        .getOrDefault(spans.name(), spans.partitions());
  }

  /** Topics that go by the partitions of spans are made with as many as there are. */
  private List<TopicContract> topics(int spansPartitions) {
    return List.of(
        settings.topics().spans(),
        settings.samples(),
        settings.ledger().withPartitions(spansPartitions),
        settings.deadLetters().withPartitions(spansPartitions),
        settings.decisions().withPartitions(spansPartitions),
        settings.spanNames(),
        settings.overrides().topic());
  }

  private synchronized void startStreams(
      Map<String, Integer> partitions, SettingsByWindow tenants, RecordTime time) {
    if (closed) {
      return;
    }
    requirePartitions(partitions);
    Topology topology =
        topology(
            partitions.getOrDefault(settings.topics().spans().name(), 0),
            settings.aggregate().at(time),
            tenants,
            timeOfQuiet());
    KafkaStreams created = new KafkaStreams(topology, KafkaStreamsConfig.of(settings), clients);
    created.setUncaughtExceptionHandler(this::uncaught);
    created.setStateListener((next, previous) -> state = next.name());
    KafkaStreamsMetrics metrics = new KafkaStreamsMetrics(created);
    metrics.bindTo(registry);
    kafkaMetrics = metrics;
    streams = created;
    created.start();
    sender.start();
  }

  /**
   * Records go where their shard or source partition says, so there must be that many partitions.
   */
  private void requirePartitions(Map<String, Integer> partitions) {
    int spans = partitions.getOrDefault(settings.topics().spans().name(), 0);
    requireAtLeast(
        partitions, settings.samples().name(), settings.samples().partitions(), "shards");
    for (TopicContract beside :
        List.of(settings.ledger(), settings.deadLetters(), settings.decisions())) {
      requireAtLeast(
          partitions,
          beside.name(),
          spans,
          "the partitions of the topic of spans, which weir topics scale keeps in step,");
    }
  }

  private static void requireAtLeast(
      Map<String, Integer> partitions, String topic, int needed, String because) {
    int there = partitions.getOrDefault(topic, 0);
    if (there < needed) {
      throw new IllegalStateException(
          "topic %s has %d partitions, but %s are %d".formatted(topic, there, because, needed));
    }
  }

  private TimeOfQuiet timeOfQuiet() {
    Map<String, Object> client = settings.topics().kafkaClient();
    String spans = settings.topics().spans().name();
    return switch (settings.idle()) {
      case MARKED -> {
        byte[] tenant = TopicSettings.SINGLE_TENANT.getBytes(StandardCharsets.UTF_8);
        KafkaIdleMarker marker = new KafkaIdleMarker(client, spans, tenant, registry);
        closeQuiet = marker::close;
        yield new TimeOfQuiet.Marked(marker);
      }
      case DECIDED -> {
        KafkaPartitionEnds ends = new KafkaPartitionEnds(client, spans, Clock.systemUTC());
        closeQuiet = ends::close;
        yield new TimeOfQuiet.Decided(ends);
      }
      case REPLAYED ->
          new TimeOfQuiet.Replayed(
              new DecisionLog(client, settings.decisions().name(), spans)::read);
    };
  }

  private Topology topology(
      int spansPartitions,
      AggregateSettings aggregate,
      SettingsByWindow tenants,
      TimeOfQuiet timeOfQuiet) {
    var names =
        new WeirTopology.TopicNames(
            settings.topics().spans().name(),
            spansPartitions,
            settings.samples().name(),
            settings.ledger().name(),
            settings.deadLetters().name(),
            settings.decisions().name(),
            settings.overrides().publishes()
                ? Optional.of(settings.spanNames().name())
                : Optional.empty());
    return WeirTopology.build(
        names, aggregate, settings.merge(), tenants, fixedTenant(), timeOfQuiet, meters);
  }

  private RecordTime recordTime() {
    String spans = settings.topics().spans().name();
    RecordTime time =
        settings
            .recordTime()
            .inForce(() -> Topics.haveProducersTime(settings.topics().kafkaClient(), spans));
    LOG.info("{}: {}", spans, time);
    return time;
  }

  /** State that we cannot read stays unreadable; everything else may pass with a new thread. */
  private StreamThreadExceptionResponse uncaught(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof StateMismatchException || cause instanceof CorruptLayoutException) {
        fatal.complete(String.valueOf(cause.getMessage()));
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
      }
    }
    LOG.error("a stream thread failed and is replaced", thrown);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  @Override
  public Readiness readiness() {
    return Readiness.of(
        List.of(
            Readiness.of("kafka-streams", () -> state.equals("RUNNING"), () -> state),
            sender.readiness()));
  }

  @Override
  public Object[] httpBeans() {
    List<Object> beans = new ArrayList<>();
    beans.add(meters.series().report());
    beans.add(
        new StatusApi(
            () -> Optional.ofNullable(overridesLog).map(OverridesLog::versions),
            settings.aggregate().window().toMillis()));
    if (settings.overrides().api()) {
      beans.add(new OverridesApi(() -> Optional.ofNullable(userOverrides), fixedTenant()));
    }
    return beans.toArray();
  }

  private Optional<String> fixedTenant() {
    return settings.topics().multitenancy()
        ? Optional.empty()
        : Optional.of(TopicSettings.SINGLE_TENANT);
  }

  @Override
  public CompletableFuture<String> fatal() {
    return fatal;
  }

  /**
   * Up to when all samples of this instance's shards are final, Unix milliseconds; empty before the
   * first window was closed.
   */
  public OptionalLong completeThrough() {
    return meters.completeShards() < settings.aggregate().shards()
        ? OptionalLong.empty()
        : meters.completeThrough();
  }

  /** Whether shards of this instance have complete windows that they have not closed yet. */
  public boolean isClosingWindows() {
    return meters.isClosing();
  }

  /**
   * An instance with a name comes back under it; one without never does, and its work should not
   * wait until its session has ended.
   */
  private CloseOptions.GroupMembershipOperation membershipAfterClose() {
    return settings.membership().instanceId().isEmpty()
        ? CloseOptions.GroupMembershipOperation.LEAVE_GROUP
        : CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    starter.interrupt();
    if (fileWatch != null) {
      fileWatch.close();
    }
    if (labelLearner != null) {
      labelLearner.close();
    }
    sender.close();
    if (streams != null) {
      streams.close(
          CloseOptions.timeout(CLOSE_TIMEOUT).withGroupMembershipOperation(membershipAfterClose()));
    }
    if (overridesLog != null) {
      overridesLog.close();
    }
    if (kafkaMetrics != null) {
      kafkaMetrics.close();
    }
    closeQuiet.run();
  }
}
