package dev.weir.streams.application;

import dev.weir.app.lifecycle.AppMain;
import dev.weir.streams.config.StreamsSettings;
import org.apache.kafka.common.config.ConfigDef;

/** Runs the streams app alone, against an external Kafka. */
public final class StreamsMain {
  private StreamsMain() {}

  public static void main(String[] arguments) {
    System.exit(
        AppMain.run(
            "streams-app",
            "derives span metrics and the service graph from the topic of spans and sends them by remote write",
            StreamsSettings.define(new ConfigDef()),
            (settings, registry) -> new StreamsApp(StreamsSettings.from(settings), registry),
            arguments));
  }
}
