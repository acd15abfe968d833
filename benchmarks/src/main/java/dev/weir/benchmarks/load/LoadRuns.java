package dev.weir.benchmarks.load;

import dev.weir.benchmarks.payload.SpansTopic.Filled;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicPartition;

/** Single measurements against a broker with a full topic. */
final class LoadRuns {
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  /** Less often, since it is the measured process that must answer. */
  private static final Duration LOOK_AT_TEMPO_EVERY = Duration.ofMillis(500);

  private final LoadSettings settings;
  private final List<String> appFlags;
  private final Path directory;
  private final ChildProcess broker;
  private final String servers;
  private final Filled filled;

  LoadRuns(
      LoadSettings settings,
      List<String> appFlags,
      Path directory,
      ChildProcess broker,
      String servers,
      Filled filled) {
    this.settings = settings;
    this.appFlags = List.copyOf(appFlags);
    this.directory = directory;
    this.broker = broker;
    this.servers = servers;
    this.filled = filled;
  }

  Filled filled() {
    return filled;
  }

  /** A plain consumer over the whole topic. */
  Measurement poll() throws IOException, InterruptedException {
    Stopwatch stopwatch = new Stopwatch();
    try (ChildProcess poll =
        ChildProcess.ofThisJar(
            "poll", settings.jvmFlags(), List.of(servers, LoadSettings.TOPIC), directory)) {
      poll.answer(PollProcess.DONE);
      return stopwatch.measurement(poll);
    }
  }

  /** The streams-app over the whole topic, as an application that has never run before. */
  AppRun app(int repetition) throws Exception {
    String application = "weir-load-" + repetition;
    try (Brokers brokers = new Brokers(servers);
        DiscardingReceiver receiver = DiscardingReceiver.start()) {
      brokers.deleteTopicsExcept(LoadSettings.TOPIC);
      Map<TopicPartition, Long> ends = brokers.ends(LoadSettings.TOPIC);
      int port = MetricsEndpoint.freePorts(1).get(0);
      Stopwatch stopwatch = new Stopwatch();
      try (ChildProcess app =
          ChildProcess.ofJar(
              application,
              settings.appJar(),
              settings.jvmFlags(),
              flags(application, receiver.url(), port),
              directory)) {
        await(
            app,
            "started",
            LOOK_EVERY,
            () -> brokers.lag(application, ends) * 3 <= filled.records() * 2);
        Measurement started =
            stopwatch.measurement(app, spansBefore(brokers.lag(application, ends)));
        await(app, "read", LOOK_EVERY, () -> brokers.lag(application, ends) == 0);
        Measurement read = stopwatch.measurement(app);
        awaitDelivery(app, receiver);
        Measurement delivered = stopwatch.measurement(app);
        new StreamsAppMetrics(new MetricsEndpoint(port).read()).requireComplete();
        return run(started, read, delivered, receiver.received());
      }
    }
  }

  /** Tempo's metrics-generator over the whole topic, as a consumer group that is new. */
  AppRun tempo(int repetition) throws Exception {
    String group = "weir-load-tempo-" + repetition;
    try (Brokers brokers = new Brokers(servers);
        DiscardingReceiver receiver = DiscardingReceiver.start()) {
      brokers.deleteTopicsExcept(LoadSettings.TOPIC);
      Stopwatch stopwatch = new Stopwatch();
      try (TempoRun tempo =
          TempoRun.start(
              settings.tempoBinary(),
              settings.shape(),
              servers,
              group,
              receiver.url(),
              directory)) {
        return run(tempo, receiver, stopwatch);
      }
    }
  }

  private AppRun run(TempoRun tempo, DiscardingReceiver receiver, Stopwatch stopwatch)
      throws Exception {
    ChildProcess process = tempo.process();
    awaitReceived(tempo, "started", filled.spans() / 3);
    Measurement started = stopwatch.measurement(process, tempo.metrics().receivedSpans());
    awaitReceived(tempo, "read", filled.spans());
    Measurement read = stopwatch.measurement(process);
    tempo.metrics().requireComplete(filled.spans()); // else delivery would be awaited in vain
    awaitDelivery(process, receiver);
    Measurement delivered = stopwatch.measurement(process);
    tempo.metrics().requireComplete(filled.spans());
    return run(started, read, delivered, receiver.received());
  }

  private void awaitReceived(TempoRun tempo, String what, long spans) throws Exception {
    await(tempo.process(), what, LOOK_AT_TEMPO_EVERY, () -> tempo.receivedSpans() >= spans);
  }

  /** Of records that are about alike. */
  private long spansBefore(long lagRecords) {
    return filled.spans() - filled.spans() * lagRecords / filled.records();
  }

  private void awaitDelivery(ChildProcess process, DiscardingReceiver receiver) throws Exception {
    await(
        process,
        "delivered",
        LOOK_EVERY,
        () -> receiver.received().countedSpans() >= filled.spans());
  }

  private AppRun run(
      Measurement started, Measurement read, Measurement delivered, ReceivedSamples received) {
    if (received.countedSpans() != filled.spans()) {
      throw new IllegalStateException(
          "the topic has %,d spans, but %,d were counted"
              .formatted(filled.spans(), received.countedSpans()));
    }
    return new AppRun(
        read,
        read.minus(started),
        delivered,
        received.labelSets(),
        received.samples(),
        received.requests(),
        received.bytes());
  }

  private List<String> flags(String application, String url, int httpPort) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--kafka-bootstrap-servers",
                servers,
                "--spans-topic",
                LoadSettings.TOPIC,
                "--application-id",
                application,
                "--state-dir",
                directory.resolve(application).toString(),
                "--shards",
                Integer.toString(settings.shards()),
                "--window",
                settings.window(),
                "--remote-write-url",
                url,
                "--http-port",
                Integer.toString(httpPort)));
    flags.addAll(appFlags);
    return flags;
  }

  private void await(ChildProcess process, String what, Duration every, Condition condition)
      throws Exception {
    long deadline = System.nanoTime() + settings.timeout().toNanos();
    while (!condition.holds()) {
      process.requireAlive();
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException(
            "not everything was %s within %s; %s"
                .formatted(what, settings.timeout(), process.lastWords()));
      }
      Thread.sleep(every.toMillis());
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  /** Runs from where it was made. */
  private final class Stopwatch {
    private final long start = System.nanoTime();
    private final Duration brokerBefore = broker.cpu();

    Measurement measurement(ChildProcess process) {
      return measurement(process, filled.spans());
    }

    /** Of a process that has read so many spans. */
    Measurement measurement(ChildProcess process, long spans) {
      return Measurement.of(
          spans,
          process.cpu(),
          broker.cpu().minus(brokerBefore),
          Duration.ofNanos(System.nanoTime() - start));
    }
  }
}
