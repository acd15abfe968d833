package dev.weir.allinone.demo;

import dev.weir.allinone.receiver.Labels;
import dev.weir.allinone.terminal.Dashboard;
import dev.weir.allinone.terminal.Status;
import dev.weir.allinone.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Sends the shop's traffic, shows what comes of it, and at the end compares the two. */
public final class Demo {
  private static final int EQUAL = 0;
  private static final int DIFFERENT = 1;

  private final DemoSettings settings;
  private final Pipeline pipeline;
  private final Terminal terminal;
  private final Clock clock;
  private final CountDownLatch stop;
  private final Books books;

  /**
   * @param stop ends the demo early
   */
  public Demo(
      DemoSettings settings,
      Pipeline pipeline,
      Terminal terminal,
      Clock clock,
      CountDownLatch stop) {
    this.settings = settings;
    this.pipeline = pipeline;
    this.terminal = terminal;
    this.clock = clock;
    this.stop = stop;
    this.books = new Books(clock);
  }

  /**
   * Runs until the duration has passed or {@code stop} is counted down.
   *
   * @return the exit code: 1 if a report was asked for and there is none, or it is not one of equal
   *     numbers
   */
  public int run(Optional<Duration> duration) throws InterruptedException {
    try {
      Map<Labels, Long> baseline = settings.report().isPresent() ? baseline() : Map.of();
      Instant began = clock.instant();
      send(duration.map(began::plus));
      Duration sent = Duration.between(began, clock.instant());
      return settings.report().isPresent() ? report(baseline, sent) : EQUAL;
    } catch (NotFinalException e) {
      terminal.error(stopped() ? "stopped before there was a report" : e.reason());
      return DIFFERENT;
    }
  }

  /** On a data directory that has been used, only increases can be compared. */
  private Map<Labels, Long> baseline() throws NotFinalException, InterruptedException {
    if (!pipeline.hasHistory()) {
      return Map.of();
    }
    terminal.step("Waiting until the numbers of earlier spans are final");
    settlement().await(clock.millis());
    return ReceivedTotals.baseline(pipeline.received().all());
  }

  private void send(Optional<Instant> end) throws InterruptedException {
    Dashboard dashboard = new Dashboard(terminal, pipeline.received());
    try (Traffic traffic = traffic()) {
      traffic.start();
      do {
        dashboard.show(status(traffic));
      } while (!stop.await(untilNext(dashboard, end), TimeUnit.MILLISECONDS) && !isOver(end));
    }
    dashboard.leave();
  }

  private int report(Map<Labels, Long> baseline, Duration sent)
      throws NotFinalException, InterruptedException {
    Books.Progress progress = books.progress();
    terminal.step(
        "Waiting until the numbers of all %,d spans are final".formatted(progress.acknowledged()));
    settlement().await(progress.lastAcknowledgedMillis());
    Report report = compare(baseline, sent, progress);
    write(report, settings.report().orElseThrow());
    report.differences().stream().limit(20).forEach(terminal::error);
    terminal.step(verdict(report));
    return report.equal() ? EQUAL : DIFFERENT;
  }

  private Report compare(Map<Labels, Long> baseline, Duration sent, Books.Progress progress) {
    ReceivedTotals received = ReceivedTotals.since(baseline, pipeline.received().all());
    List<String> differences = new ArrayList<>(received.problems());
    differences.addAll(books.totals().differencesTo(received.totals()));
    if (pipeline.received().contradictions() > 0) {
      differences.add(
          "%d samples gave another value to a time that had one"
              .formatted(pipeline.received().contradictions()));
    }
    if (progress.acknowledged() == 0) {
      differences.add("no span was sent and acknowledged");
    }
    if (progress.failed() + progress.waiting() > 0) {
      differences.add(
          "%d spans were not acknowledged, so they may be counted or not: %s"
              .formatted(progress.failed() + progress.waiting(), progress.failureReason()));
    }
    return new Report(
        settings,
        sent.toMillis() / 1000.0,
        progress,
        books.totals(),
        received.totals(),
        differences);
  }

  private static void write(Report report, Path file) {
    try {
      Path parent = file.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(file, report.json());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("report=" + file + ": cannot be written: " + e, e);
    }
  }

  private String verdict(Report report) {
    Totals sent = report.sent();
    return "%s: %,d spans, %d operations, %d edges; report in %s"
        .formatted(
            report.equal() ? "Sent and received are equal" : "Sent and received DIFFER",
            report.progress().acknowledged(),
            sent.operations().size(),
            sent.edges().size(),
            settings.report().orElseThrow());
  }

  private Traffic traffic() {
    return new Traffic(
        new Shop(settings.seed()),
        books,
        pipeline.otlpGrpcUrl(),
        settings.tracesPerSecond(),
        clock);
  }

  private Settlement settlement() {
    return new Settlement(pipeline, settings.patience(), clock, stop);
  }

  private Status status(Traffic traffic) {
    Books.Progress progress = books.progress();
    return new Status(
        clock.instant(),
        settings.tracesPerSecond(),
        progress.acknowledged(),
        progress.failed(),
        progress.failureReason(),
        pipeline.completeThrough(),
        pipeline.httpUrl(),
        traffic.recentTrace(),
        pipeline.logFile());
  }

  private long untilNext(Dashboard dashboard, Optional<Instant> end) {
    long interval = dashboard.interval().toMillis();
    return end.map(
            time ->
                Math.max(0, Math.min(interval, Duration.between(clock.instant(), time).toMillis())))
        .orElse(interval);
  }

  private boolean isOver(Optional<Instant> end) {
    return end.map(time -> !clock.instant().isBefore(time)).orElse(false);
  }

  private boolean stopped() {
    return stop.getCount() == 0;
  }
}
