package dev.weir.allinone;

import dev.weir.app.lifecycle.ProcessSettings;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.app.topics.TopicSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Reads the settings of the all-in-one: first what the user says, then, when broker and receiver
 * have their addresses, what the applications get.
 */
final class SettingsSource {
  private static final String REMOTE_WRITE_FLAG = "--remote-write-url";

  private final ConfigDef definition;
  private final List<String> arguments;
  private final Map<String, String> environment;
  private final Settings asked;

  private SettingsSource(
      ConfigDef definition,
      List<String> arguments,
      Map<String, String> environment,
      Settings asked) {
    this.definition = definition;
    this.arguments = arguments;
    this.environment = environment;
    this.asked = asked;
  }

  /**
   * Reads what the user says.
   *
   * @param arguments without the command
   * @throws InvalidSettingsException with every problem
   */
  static SettingsSource read(
      Command command, List<String> arguments, Map<String, String> environment) {
    Settings first = SettingsLoader.load(Definition.of(command), arguments, environment);
    ConfigDef definition = Definition.of(command, Path.of(first.string(Definition.DATA_DIR)));
    Settings asked = SettingsLoader.load(definition, arguments, environment);
    refuseOtherBroker(definition, asked);
    return new SettingsSource(definition, List.copyOf(arguments), environment, asked);
  }

  /** What the user says, and defaults. */
  Settings asked() {
    return asked;
  }

  /**
   * The ports that are going to be opened.
   *
   * @throws InvalidSettingsException with those that are taken
   */
  Ports ports() {
    Map<String, String> hosts = new LinkedHashMap<>();
    hosts.put(Definition.KAFKA_PORT, Definition.LOOPBACK);
    hosts.put(Definition.OTLP_GRPC_PORT, asked.string(Definition.OTLP_HOST));
    hosts.put(Definition.OTLP_HTTP_PORT, asked.string(Definition.OTLP_HOST));
    hosts.put(ProcessSettings.HTTP_PORT, asked.string(ProcessSettings.HTTP_HOST));
    return Ports.of(asked, hosts);
  }

  /**
   * What the applications get.
   *
   * @param bootstrapServers address of the broker
   * @param receiverUrl a target besides those that the user says
   */
  Settings inForce(Ports ports, String bootstrapServers, Optional<String> receiverUrl) {
    List<String> complete = new ArrayList<>(arguments);
    complete.addAll(ports.flags());
    complete.add("--kafka-bootstrap-servers=" + bootstrapServers);
    receiverUrl.ifPresent(url -> complete.add(REMOTE_WRITE_FLAG + "=" + besideOthers(url)));
    return SettingsLoader.load(definition, complete, environment);
  }

  /** Flags add up, but replace what comes from a file or the environment. */
  private String besideOthers(String url) {
    boolean flagGiven =
        arguments.stream()
            .anyMatch(
                argument ->
                    argument.equals(REMOTE_WRITE_FLAG)
                        || argument.startsWith(REMOTE_WRITE_FLAG + "="));
    List<String> urls =
        new ArrayList<>(flagGiven ? List.of() : asked.list(Definition.REMOTE_WRITE_URL));
    urls.add(url);
    return String.join(",", urls);
  }

  private static void refuseOtherBroker(ConfigDef definition, Settings asked) {
    String servers = asked.string(TopicSettings.BOOTSTRAP_SERVERS);
    if (!servers.equals(definition.defaultValues().get(TopicSettings.BOOTSTRAP_SERVERS))) {
      throw new InvalidSettingsException(
          "%s=%s: this command brings its own broker along; --kafka-port says where it listens"
              .formatted(TopicSettings.BOOTSTRAP_SERVERS, servers));
    }
  }
}
