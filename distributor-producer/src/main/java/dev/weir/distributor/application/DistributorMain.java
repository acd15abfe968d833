package dev.weir.distributor.application;

import dev.weir.app.lifecycle.AppMain;
import dev.weir.distributor.config.DistributorSettings;
import org.apache.kafka.common.config.ConfigDef;

/** Runs the distributor alone. */
public final class DistributorMain {
  private DistributorMain() {}

  public static void main(String[] arguments) {
    int code =
        AppMain.run(
            "distributor-producer",
            "takes spans over OTLP and publishes them to Kafka, split by trace",
            DistributorSettings.define(new ConfigDef()),
            (settings, registry) ->
                new DistributorApp(DistributorSettings.from(settings), registry),
            arguments);
    System.exit(code);
  }
}
