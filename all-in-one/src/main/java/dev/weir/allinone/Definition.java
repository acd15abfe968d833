package dev.weir.allinone;

import dev.weir.allinone.demo.DemoSettings;
import dev.weir.allinone.plan.PlanSettings;
import dev.weir.allinone.replay.ReplaySettings;
import dev.weir.allinone.scale.ScaleSettings;
import dev.weir.allinone.snapshot.SnapshotSettings;
import dev.weir.app.lifecycle.ProcessSettings;
import dev.weir.app.settings.Durations;
import dev.weir.app.topics.TopicSettings;
import dev.weir.audit.config.AuditSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;

/**
 * The settings of the all-in-one: its own, those of every application, and for some of these
 * another default.
 */
final class Definition {
  static final String DATA_DIR = "data.dir";
  static final String KAFKA_PORT = "kafka.port";
  static final String DURATION = "duration";
  static final String OTLP_GRPC_PORT = "otlp.grpc.port";
  static final String OTLP_HTTP_PORT = "otlp.http.port";
  static final String OTLP_HOST = "otlp.host";
  static final String REMOTE_WRITE_URL = "remote.write.url";
  static final String SAMPLES_TOPIC = "samples.topic";
  static final String WINDOW = "window";
  static final String GRAPH_WAIT = "service.graph.wait";

  private static final int SHARDS = 2;
  private static final String DEFAULT_WINDOW = "5s";
  private static final String DEFAULT_DATA_DIR = "./weir-data";
  static final String LOOPBACK = "127.0.0.1";

  private Definition() {}

  /** With the state of every application below the default data directory. */
  static ConfigDef of(Command command) {
    return of(command, Path.of(DEFAULT_DATA_DIR));
  }

  /** With the state of every application below {@code dataDir}. */
  static ConfigDef of(Command command, Path dataDir) {
    ConfigDef all = ProcessSettings.addTo(Applications.define(own()));
    if (command == Command.DEMO) {
      DemoSettings.define(all);
    }
    return Defaults.changed(all, defaults(command, dataDir));
  }

  /** Of a replay: those of the streams app, as the all-in-one runs it, and its own. */
  static ConfigDef ofReplay() {
    return beside(ReplaySettings.define(new ConfigDef()), Command.REPLAY);
  }

  /** Of a snapshot. */
  static ConfigDef ofSnapshot() {
    return beside(SnapshotSettings.define(new ConfigDef()), Command.SNAPSHOT);
  }

  /** Of a plan. */
  static ConfigDef ofPlan() {
    return beside(PlanSettings.define(new ConfigDef()), Command.PLAN);
  }

  private static ConfigDef beside(ConfigDef definition, Command command) {
    return Defaults.changed(
        ProcessSettings.addTo(definition),
        Map.of("shards", SHARDS, WINDOW, DEFAULT_WINDOW, "log.level", command.logLevel()));
  }

  /** Of an audit, of an all-in-one unless it is told otherwise. */
  static ConfigDef ofAudit() {
    ConfigDef all = ProcessSettings.addTo(AuditSettings.define(new ConfigDef()));
    return Defaults.changed(
        all, Map.of(WINDOW, DEFAULT_WINDOW, "log.level", Command.AUDIT.logLevel()));
  }

  /** Of the growth of an installation. */
  static ConfigDef ofScale() {
    ConfigDef all = ProcessSettings.addTo(ScaleSettings.define(new ConfigDef()));
    return Defaults.changed(all, Map.of("log.level", Command.TOPICS.logLevel()));
  }

  private static Map<String, Object> defaults(Command command, Path dataDir) {
    Map<String, Object> defaults = new HashMap<>(Applications.stateBelow(dataDir));
    defaults.put(ProcessSettings.HTTP_HOST, LOOPBACK);
    defaults.put(OTLP_HOST, LOOPBACK);
    defaults.put("log.level", command.logLevel());
    defaults.put("spans.partitions", 4);
    defaults.put("shards", SHARDS);
    defaults.put(WINDOW, DEFAULT_WINDOW);
    // a member with a name gets its work back at once after a stop of any kind
    defaults.put("instance.id", "all-in-one");
    defaults.put(TopicSettings.BOOTSTRAP_SERVERS, LOOPBACK + ":9092");
    return defaults;
  }

  private static ConfigDef own() {
    return new ConfigDef()
        .define(
            DATA_DIR,
            ConfigDef.Type.STRING,
            DEFAULT_DATA_DIR,
            new ConfigDef.NonEmptyString(),
            ConfigDef.Importance.HIGH,
            "Directory of everything that is kept: the broker's log, state, traces, weir.log.")
        .define(
            KAFKA_PORT,
            ConfigDef.Type.INT,
            9092,
            ConfigDef.Range.between(0, 65535),
            ConfigDef.Importance.HIGH,
            "Port of the broker that is brought along, on loopback; 0 takes a free one.")
        .define(
            DURATION,
            ConfigDef.Type.STRING,
            "",
            optional(Durations.between("1s", "3650d")),
            ConfigDef.Importance.MEDIUM,
            "How long to run, such as 40s, from when everything is up; until Ctrl-C if unset.");
  }

  private static ConfigDef.Validator optional(ConfigDef.Validator rule) {
    return ConfigDef.LambdaValidator.with(
        (name, value) -> {
          if (!String.valueOf(value).isEmpty()) {
            rule.ensureValid(name, value);
          }
        },
        () -> "empty, or " + rule);
  }
}
