package dev.weir.ingester.application;

import dev.weir.app.lifecycle.AppMain;
import dev.weir.ingester.config.IngesterSettings;
import org.apache.kafka.common.config.ConfigDef;

/** Runs the ingester alone. */
public final class IngesterMain {
  private IngesterMain() {}

  /** Runs until told to stop; the exit code is not 0 if it cannot start. */
  public static void main(String[] arguments) {
    System.exit(
        AppMain.run(
            "ingester-consumer",
            "keeps traces and answers queries for them",
            IngesterSettings.define(new ConfigDef()),
            (settings, registry) -> new IngesterApp(IngesterSettings.from(settings), registry),
            arguments));
  }
}
