package dev.weir.allinone.demo;

import dev.weir.allinone.receiver.SeriesStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/** What the demo uses of the applications that run beside it. */
public interface Pipeline {

  /** Where OTLP over gRPC is taken, such as {@code http://127.0.0.1:4317}. */
  String otlpGrpcUrl();

  /** Where the shared HTTP server is, such as {@code http://127.0.0.1:8080}. */
  String httpUrl();

  /** Unix milliseconds through which numbers are final; empty before the first time. */
  OptionalLong completeThrough();

  /** What the built-in receiver has. */
  SeriesStore received();

  /** What is on its way to the receiver. */
  Outbox outbox();

  /** Length of a window. */
  Duration window();

  /** How long half an edge waits for its other half. */
  Duration graphWait();

  /** Whether there were spans before this start. */
  boolean hasHistory();

  /** Where the log is written. */
  Path logFile();
}
