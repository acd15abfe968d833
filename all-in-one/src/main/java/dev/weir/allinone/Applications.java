package dev.weir.allinone;

import dev.weir.app.lifecycle.Component;
import dev.weir.app.settings.Settings;
import dev.weir.distributor.application.DistributorApp;
import dev.weir.distributor.config.DistributorSettings;
import dev.weir.ingester.application.IngesterApp;
import dev.weir.ingester.config.IngesterSettings;
import dev.weir.streams.application.StreamsApp;
import dev.weir.streams.config.StreamsSettings;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigDef;

/** The applications, each with its own settings, in the order in which they start. */
final class Applications {
  private final Map<String, Component> byName;
  private final StreamsApp streams;

  private Applications(Map<String, Component> byName, StreamsApp streams) {
    this.byName = byName;
    this.streams = streams;
  }

  /** Adds the settings of all of them to {@code definition}. */
  static ConfigDef define(ConfigDef definition) {
    DistributorSettings.define(definition);
    StreamsSettings.define(definition);
    return IngesterSettings.define(definition);
  }

  /** Defaults that put what they keep below a directory. */
  static Map<String, Object> stateBelow(Path directory) {
    return Map.of(
        "state.dir", directory.resolve("streams").toString(),
        "backend.local.path", directory.resolve("traces").toString());
  }

  /** Constructs them; nothing is opened yet. */
  static Applications of(Settings settings, PrometheusMeterRegistry registry) {
    StreamsApp streams = new StreamsApp(StreamsSettings.from(settings), registry);
    Map<String, Component> byName = new LinkedHashMap<>();
    byName.put("ingester", new IngesterApp(IngesterSettings.from(settings), registry));
    byName.put("streams", streams);
    // last, so that nobody is told OK before there is someone to count it
    byName.put("distributor", new DistributorApp(DistributorSettings.from(settings), registry));
    return new Applications(byName, streams);
  }

  /** In the order in which they start. */
  Map<String, Component> byName() {
    return byName;
  }

  List<Component> all() {
    return List.copyOf(byName.values());
  }

  /** Completes, with the reason for people, when one of them can never work again. */
  CompletableFuture<String> fatal() {
    CompletableFuture<String> first = new CompletableFuture<>();
    byName.forEach(
        (name, application) -> {
          var unused =
              application.fatal().thenAccept(reason -> first.complete(name + ": " + reason));
        });
    return first;
  }

  /** Unix milliseconds through which numbers are final; empty before the first time. */
  OptionalLong completeThrough() {
    return streams.completeThrough();
  }
}
