package dev.weir.allinone;

import dev.weir.allinone.terminal.Terminal;
import java.util.List;

/** What {@code weir up} says when everything runs. */
final class UpScreen {
  private UpScreen() {}

  /**
   * Says where everything is.
   *
   * @param withReceiver whether the built-in receiver has the derived metrics
   */
  static void show(AllInOne running, boolean withReceiver, Terminal terminal) {
    terminal.step("OTLP over gRPC       " + running.otlpGrpcUrl());
    terminal.step("OTLP over HTTP       " + running.otlpHttpUrl());
    List<String> targets = running.settings().list(Definition.REMOTE_WRITE_URL);
    terminal.step("Remote write to      " + String.join(", ", targets));
    if (withReceiver) {
      terminal.step("Span metrics, graph  " + running.httpUrl() + "/series");
    }
    terminal.step("A trace              " + running.httpUrl() + "/api/traces/<trace id>");
    terminal.step("Weir's own metrics   " + running.httpUrl() + "/metrics");
    terminal.step("Health               " + running.httpUrl() + "/ready");
    terminal.step("Log                  " + running.logFile());
    terminal.step("Ctrl-C stops.");
  }
}
