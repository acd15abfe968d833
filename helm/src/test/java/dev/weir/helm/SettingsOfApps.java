package dev.weir.helm;

import dev.weir.app.lifecycle.ProcessSettings;
import dev.weir.app.topics.TopicSettings;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;

/** The settings that each component's application knows. */
enum SettingsOfApps {
  DISTRIBUTOR,
  STREAMS,
  INGESTER;

  ConfigDef definition() {
    ConfigDef definition = ProcessSettings.addTo(TopicSettings.define(new ConfigDef()));
    own()
        .forEach(
            key ->
                definition.define(
                    key, ConfigDef.Type.LIST, List.of(), ConfigDef.Importance.HIGH, "Its own."));
    return definition;
  }

  private List<String> own() {
    return switch (this) {
      case DISTRIBUTOR ->
          List.of(
              "otlp.grpc.port", "otlp.http.port", "otlp.max.request.size", "producer.compression");
      case STREAMS ->
          List.of(
              "application.id",
              "shards",
              "window",
              "state.dir",
              "stream.threads",
              "samples.topic",
              "samples.retention",
              "remote.write.url",
              "remote.write.config");
      case INGESTER -> List.of("ingester.group.id", "backend.local.path", "ingester.retention");
    };
  }
}
