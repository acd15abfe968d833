package dev.weir.helm;

import dev.weir.app.lifecycle.ProcessSettings;
import dev.weir.distributor.config.DistributorSettings;
import dev.weir.ingester.config.IngesterSettings;
import dev.weir.streams.config.StreamsSettings;
import org.apache.kafka.common.config.ConfigDef;

/** The settings that each component's application knows. */
enum SettingsOfApps {
  DISTRIBUTOR,
  STREAMS,
  INGESTER;

  ConfigDef definition() {
    ConfigDef own = new ConfigDef();
    return ProcessSettings.addTo(
        switch (this) {
          case DISTRIBUTOR -> DistributorSettings.define(own);
          case STREAMS -> StreamsSettings.define(own);
          case INGESTER -> IngesterSettings.define(own);
        });
  }
}
