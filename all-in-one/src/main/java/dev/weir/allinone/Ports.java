package dev.weir.allinone;

import dev.weir.app.endpoints.PortTakenException;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ports that the settings ask for, looked at before anything starts, so that every port that is
 * taken is named at once and nothing has to be stopped again.
 */
final class Ports {
  private final Map<String, Integer> byKey = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  private Ports() {}

  /**
   * Looks at ports.
   *
   * @param hostByKey settings of ports, and the address that each is opened on
   * @throws InvalidSettingsException with a problem for each port that is taken or asked for twice
   */
  static Ports of(Settings settings, Map<String, String> hostByKey) {
    Ports ports = new Ports();
    hostByKey.forEach((key, host) -> ports.add(key, host, settings.integer(key)));
    if (!ports.problems.isEmpty()) {
      throw new InvalidSettingsException(ports.problems);
    }
    return ports;
  }

  /** The port that a setting says; a free one, always the same, if it says 0. */
  int port(String key) {
    Integer port = byKey.get(key);
    if (port == null) {
      throw new IllegalArgumentException("not a port: " + key);
    }
    return port;
  }

  /** Flags that set each port to what was chosen. */
  List<String> flags() {
    return byKey.entrySet().stream()
        .map(port -> "--%s=%d".formatted(port.getKey().replace('.', '-'), port.getValue()))
        .toList();
  }

  private void add(String key, String host, int wanted) {
    byKey.forEach(
        (other, port) -> {
          if (wanted != 0 && port == wanted) {
            problems.add("%s=%d: the port is that of %s as well".formatted(key, wanted, other));
          }
        });
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // a port that a stopped server has just left is free
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), wanted));
      byKey.put(key, socket.getLocalPort());
    } catch (java.net.BindException e) {
      problems.add(new PortTakenException(key, wanted, e).getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("%s=%d on %s: %s".formatted(key, wanted, host, e), e);
    }
  }
}
