package dev.weir.streams.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.schemas.layout.CorruptLayoutException;
import dev.weir.schemas.topic.SpanCodec;
import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.streams.Golden;
import dev.weir.streams.filter.FilterPolicies;
import dev.weir.streams.hostinfo.HostInfoSettings;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.LabelRules;
import dev.weir.streams.series.SeriesLimits;
import dev.weir.streams.servicegraph.EdgeSettings;
import dev.weir.streams.servicegraph.Pairing;
import dev.weir.streams.servicegraph.PeerNames;
import dev.weir.streams.servicegraph.ServiceGraphSettings;
import dev.weir.streams.simulator.MiniStore;
import dev.weir.streams.spanmetrics.SpanMetricsSettings;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The layout of its state; all else is up to the simulator. */
class PartitionPairingTest implements AggregateOutput {
  private static final HistogramBounds BOUNDS = new HistogramBounds(List.of(0.04));
  private static final byte[] PROGRESS = {0};
  private static final AggregateSettings SETTINGS =
      new AggregateSettings(
          SpanCodec.OTLP,
          Duration.ofSeconds(10),
          RecordTime.ofBroker(),
          Optional.empty(),
          1,
          LabelRules.NONE,
          new SpanMetricsSettings(true, BOUNDS),
          new ServiceGraphSettings(
              true,
              BOUNDS,
              Duration.ofSeconds(10),
              100,
              PeerNames.DEFAULT_PEER_ATTRIBUTES,
              new EdgeSettings(List.of("zone"), false, false, true, false, false),
              FilterPolicies.NONE,
              new Pairing(false, false, false, false)),
          HostInfoSettings.DISABLED);

  private final MiniStore store = new MiniStore();

  private PartitionPairing fromStore() {
    return new PartitionPairing(
        SETTINGS, SettingsByWindow.always(SETTINGS.tenants(SeriesLimits.NONE)), 0, 4, store, this);
  }

  @Test
  void shouldKeepTheLayoutOfItsProgress() {
    store.put(PROGRESS, Golden.bytes("pairing-progress-v1-first.hex"));
    PartitionPairing pairing = fromStore();

    pairing.accept(Golden.bytes("half-edge-bundle-v2.hex")); // the eighth of the last source
    pairing.flush();

    assertThat(HexFormat.of().formatHex(store.get(PROGRESS)))
        .isEqualTo(HexFormat.of().formatHex(Golden.bytes("pairing-progress-v1-second.hex")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pairing-progress-v1-first.hex", "pairing-progress-v1-second.hex"})
  void shouldReadTheLayoutsOfItsProgress(String name) {
    store.put(PROGRESS, Golden.bytes(name));

    PartitionPairing pairing = fromStore();

    assertThat(pairing.pairedToMillis()).isEqualTo(50_000);
    assertThat(pairing.hasNewlyCompleteWindow()).isFalse();
  }

  @Test
  void shouldRefuseAnotherVersion() {
    store.put(PROGRESS, new byte[] {2});

    assertThatThrownBy(this::fromStore)
        .isInstanceOf(CorruptLayoutException.class)
        .hasMessage("state of pairing of version 2; this program reads version 1");
  }

  @Override
  public void deltas(int shard, byte[] batch) {}

  @Override
  public void ledger(LedgerEntry entry) {}
}
