package dev.weir.streams.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.app.settings.SettingsLoader;
import dev.weir.schemas.v1.LedgerEntry;
import dev.weir.streams.config.StreamsSettings;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.telemetry.StreamsMeters;
import dev.weir.testing.SpanFixtures;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A task whose state was found corrupt is revived with the processor that it has: what that had
 * counted since the last commit is read again, and must not be on its heap any more.
 */
class RevivedTaskTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final byte[] TENANT = {'t'};

  private @Nullable Reviving task;

  @TempDir Path directory;

  @Test
  void shouldCountNothingOfWhatWasNotCommitted() throws Exception {
    byte[] spans = SpanFixtures.aSpan().toBytes();
    try (TopologyTestDriver driver = new TopologyTestDriver(topology(), properties(), START)) {
      TestInputTopic<byte[], byte[]> log =
          driver.createInputTopic(
              "spans",
              new ByteArraySerializer(),
              new ByteArraySerializer(),
              START,
              Duration.ofMillis(1));
      log.pipeInput(TENANT, spans);
      Reviving processor = Objects.requireNonNull(task);
      processor.fails = true;
      assertThatThrownBy(() -> log.pipeInput(TENANT, spans)).hasRootCauseMessage("corrupt");
      processor.revive();
      log.pipeInput(TENANT, spans);

      assertThat(received(driver)).isEqualTo(1 + processor.readSinceRevived);
    }
  }

  private static long received(TopologyTestDriver driver) throws Exception {
    long received = 0;
    for (byte[] entry :
        driver
            .createOutputTopic("ledger", new ByteArrayDeserializer(), new ByteArrayDeserializer())
            .readValuesToList()) {
      received += LedgerEntry.parseFrom(entry).getSpansReceived();
    }
    return received;
  }

  private Topology topology() {
    StreamsSettings settings =
        StreamsSettings.from(
            SettingsLoader.load(StreamsSettings.define(new ConfigDef()), List.of(), Map.of()));
    ProcessorSupplier<byte @Nullable [], byte @Nullable [], PartitionedKey, byte[]> real =
        AggregateProcessor.supplier(
            new AggregateProcessor.Settings(
                settings.aggregate(),
                SettingsByWindow.always(settings.tenants()),
                "spans",
                1,
                Optional.empty(),
                new TimeOfQuiet.Replayed(partition -> List.of()),
                new StreamsMeters(new SimpleMeterRegistry()),
                "state",
                "hook",
                new AggregateProcessor.Children(
                    "deltas",
                    "half-edges",
                    "ledger",
                    "dead-letters",
                    "decisions",
                    Optional.empty())));
    Topology topology =
        new Topology()
            .addSource("source", new ByteArrayDeserializer(), new ByteArrayDeserializer(), "spans")
            .addProcessor("aggregate", new Supplier(real), "source");
    for (String child : List.of("deltas", "half-edges", "ledger", "dead-letters", "decisions")) {
      topology.addSink(
          child,
          child,
          (String topic, PartitionedKey key) -> TENANT,
          new ByteArraySerializer(),
          "aggregate");
    }
    return topology;
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "weir-streams");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    return properties;
  }

  private final class Supplier
      implements ProcessorSupplier<byte[], byte[], PartitionedKey, byte[]> {
    private final ProcessorSupplier<byte[], byte[], PartitionedKey, byte[]> real;

    Supplier(ProcessorSupplier<byte[], byte[], PartitionedKey, byte[]> real) {
      this.real = real;
    }

    @Override
    public Processor<byte[], byte[], PartitionedKey, byte[]> get() {
      return new Reviving(real.get());
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
      return real.stores();
    }
  }

  /** The real one, with a task around it that finds its state corrupt when it is told to. */
  private final class Reviving implements Processor<byte[], byte[], PartitionedKey, byte[]> {
    private final Processor<byte[], byte[], PartitionedKey, byte[]> real;
    private @Nullable InternalProcessorContext<PartitionedKey, byte[]> context;
    private @Nullable ProcessorNode<?, ?, ?, ?> node;
    private boolean fails;
    private int readSinceRevived;

    Reviving(Processor<byte[], byte[], PartitionedKey, byte[]> real) {
      this.real = real;
    }

    @Override
    public void init(ProcessorContext<PartitionedKey, byte[]> given) {
      task = this; // others are made to look at what they are
      context = (InternalProcessorContext<PartitionedKey, byte[]>) given;
      node = context.currentNode();
      real.init(given);
    }

    void revive() {
      fails = false;
      readSinceRevived = 0;
      InternalProcessorContext<PartitionedKey, byte[]> same = Objects.requireNonNull(context);
      same.setCurrentNode(node);
      real.init(same);
      same.setCurrentNode(null);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      readSinceRevived++;
      real.process(record);
      if (fails) {
        throw new IllegalStateException("corrupt");
      }
    }
  }
}
