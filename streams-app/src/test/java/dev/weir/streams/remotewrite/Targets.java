package dev.weir.streams.remotewrite;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Targets for tests. */
final class Targets {
  private Targets() {}

  /** A target with defaults but for these. */
  static RemoteWriteTarget of(String name, URI url, RemoteWriteVersion version) {
    return of(name, url, version, Map.of(), new Authorization.None());
  }

  static RemoteWriteTarget of(
      String name,
      URI url,
      RemoteWriteVersion version,
      Map<String, String> headers,
      Authorization authorization) {
    return new RemoteWriteTarget(
        name,
        url,
        version,
        Duration.ofSeconds(10),
        headers,
        authorization,
        Connection.DEFAULT,
        RequestLimits.DEFAULT,
        TargetTenants.ALL,
        Relabeling.NONE);
  }
}
