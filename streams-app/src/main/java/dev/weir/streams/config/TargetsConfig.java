package dev.weir.streams.config;

import dev.weir.app.settings.Settings;
import dev.weir.streams.remotewrite.RemoteWriteTarget;
import dev.weir.streams.remotewrite.RemoteWriteTargets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** The settings of targets. */
final class TargetsConfig {
  private static final String REMOTE_WRITE_URL = "remote.write.url";
  private static final String REMOTE_WRITE_CONFIG = "remote.write.config";

  private static final String ADD_ORG_ID = "remote.write.add.org.id.header";

  private TargetsConfig() {}

  static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            REMOTE_WRITE_URL,
            ConfigDef.Type.LIST,
            List.of(),
            Importance.HIGH,
            "Prometheus remote-write endpoints that samples are sent to.")
        .define(
            REMOTE_WRITE_CONFIG,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "File with a remote_write section in Prometheus's form, for targets that need more than a URL.")
        .define(
            ADD_ORG_ID,
            ConfigDef.Type.BOOLEAN,
            true,
            Importance.MEDIUM,
            "Whether targets are told the tenant by the header X-Scope-OrgID, unless their own headers have one.");
  }

  static List<RemoteWriteTarget> from(Settings settings) {
    List<RemoteWriteTarget> targets =
        new ArrayList<>(RemoteWriteTargets.ofUrls(settings.list(REMOTE_WRITE_URL)));
    String file = settings.string(REMOTE_WRITE_CONFIG);
    if (!file.isEmpty()) {
      targets.addAll(RemoteWriteTargets.read(Path.of(file)));
    }
    return settings.flag(ADD_ORG_ID)
        ? targets
        : targets.stream().map(RemoteWriteTarget::withoutTenantNames).toList();
  }
}
