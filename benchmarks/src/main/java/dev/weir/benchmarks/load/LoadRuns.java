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
      Stopwatch stopwatch = new Stopwatch();
      try (ChildProcess app =
          ChildProcess.ofJar(
              application,
              settings.appJar(),
              settings.jvmFlags(),
              flags(application, receiver.url()),
              directory)) {
        await(app, "started", () -> brokers.lag(application, ends) * 3 <= filled.records() * 2);
        Measurement started = stopwatch.measurement(app, brokers.lag(application, ends));
        await(app, "read", () -> brokers.lag(application, ends) == 0);
        Measurement read = stopwatch.measurement(app);
        await(app, "delivered", () -> receiver.received().countedSpans() >= filled.spans());
        return run(started, read, stopwatch.measurement(app), receiver.received());
      }
    }
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

  private List<String> flags(String application, String url) {
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
                "0"));
    flags.addAll(appFlags);
    return flags;
  }

  private void await(ChildProcess app, String what, Condition condition) throws Exception {
    long deadline = System.nanoTime() + settings.timeout().toNanos();
    while (!condition.holds()) {
      app.requireAlive();
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException(
            "not everything was %s within %s; %s"
                .formatted(what, settings.timeout(), app.lastWords()));
      }
      Thread.sleep(LOOK_EVERY.toMillis());
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
      return measurement(process, 0);
    }

    /** Of a process that has so many records left to read, which are all about alike. */
    Measurement measurement(ChildProcess process, long lagRecords) {
      return Measurement.of(
          filled.spans() - filled.spans() * lagRecords / filled.records(),
          process.cpu(),
          broker.cpu().minus(brokerBefore),
          Duration.ofNanos(System.nanoTime() - start));
    }
  }
}
