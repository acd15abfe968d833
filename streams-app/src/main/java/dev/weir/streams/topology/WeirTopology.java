package dev.weir.streams.topology;

import dev.weir.streams.aggregate.AggregateSettings;
import dev.weir.streams.aggregate.PartitionAggregate;
import dev.weir.streams.aggregate.PartitionPairing;
import dev.weir.streams.merge.MergeSettings;
import dev.weir.streams.merge.ShardMerge;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.processor.AggregateProcessor;
import dev.weir.streams.processor.MergeProcessor;
import dev.weir.streams.processor.PairingProcessor;
import dev.weir.streams.processor.PartitionedKey;
import dev.weir.streams.processor.TimeOfQuiet;
import dev.weir.streams.telemetry.StreamsMeters;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;

/**
 * Spans → aggregate → series deltas → merge → samples; if the topic of spans is not routed by
 * trace, aggregate → half edges → pairing → edge deltas → merge as well. Names are given here once
 * and never change: they are names of topics and of state on disk.
 */
public final class WeirTopology {
  private static final String SPANS = "spans";
  private static final String AGGREGATE = "aggregate";

  /** Name of the store of the first stage, in the layout of {@link PartitionAggregate}. */
  public static final String AGGREGATE_STATE = "partition-state";

  private static final String AGGREGATE_HOOK = "aggregate-commit-hook";
  private static final String SERIES_DELTAS = "series-deltas";
  private static final String LEDGER = "ledger";
  private static final String DEAD_LETTERS = "dead-letters";
  private static final String DECISIONS = "decisions";
  private static final String SPAN_NAMES = "span-names";
  private static final String MERGE = "merge";

  /** Name of the store of the second stage, in the layout of {@link ShardMerge}. */
  public static final String MERGE_STATE = "series";

  private static final String MERGE_HOOK = "merge-commit-hook";
  private static final String SAMPLES = "samples";

  /** Kafka Streams puts this node in front of a repartition topic. */
  private static final String SERIES_DELTAS_NODE = SERIES_DELTAS + "-repartition-filter";

  private static final String HALF_EDGES = "half-edges";
  private static final String HALF_EDGES_NODE = HALF_EDGES + "-repartition-filter";
  private static final String PAIRING = "pairing";

  /**
   * Name of the store of pairing, if there is that stage, in the layout of {@link
   * PartitionPairing}.
   */
  public static final String PAIRING_STATE = "pairing-state";

  private static final String PAIRING_HOOK = "pairing-commit-hook";
  private static final String PAIRING_LEDGER = "pairing-ledger";
  private static final String PAIRING_SPAN_NAMES = "pairing-span-names";
  private static final String EDGE_DELTAS = "edge-deltas";
  private static final String EDGE_DELTAS_NODE = EDGE_DELTAS + "-repartition-filter";
  private static final String ALL_DELTAS = "all-deltas";

  private WeirTopology() {}

  /**
   * The topics that the topology reads and writes.
   *
   * @param spansPartitions how many partitions the topic of spans has
   * @param spanNames takes what is new in labels; absent if nobody learns from it
   */
  public record TopicNames(
      String spans,
      int spansPartitions,
      String samples,
      String ledger,
      String deadLetters,
      String decisions,
      Optional<String> spanNames) {

    private Optional<String> spanNamesNode(String node) {
      return spanNames.map(topic -> node);
    }
  }

  /** Changelogs that must have as many partitions as the topic of spans. */
  public static List<String> changelogsBesideSpans(String applicationId) {
    return List.of(applicationId + "-" + AGGREGATE_STATE + "-changelog");
  }

  /**
   * Builds the topology.
   *
   * @param tenants what is in force for tenants
   * @param fixedTenant the tenant of all spans; if absent, the key of a record says
   */
  public static Topology build(
      TopicNames topics,
      AggregateSettings aggregate,
      MergeSettings merge,
      SettingsByWindow tenants,
      Optional<String> fixedTenant,
      TimeOfQuiet quiet,
      StreamsMeters meters) {
    StreamsBuilder builder = new StreamsBuilder();
    KStream<PartitionedKey, byte[]> aggregated =
        builder.stream(
                topics.spans(),
                Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()).withName(SPANS))
            .process(
                AggregateProcessor.supplier(
                    new AggregateProcessor.Settings(
                        aggregate,
                        tenants,
                        topics.spans(),
                        topics.spansPartitions(),
                        fixedTenant,
                        quiet,
                        meters,
                        AGGREGATE_STATE,
                        AGGREGATE_HOOK,
                        new AggregateProcessor.Children(
                            SERIES_DELTAS_NODE,
                            HALF_EDGES_NODE,
                            LEDGER,
                            DEAD_LETTERS,
                            DECISIONS,
                            topics.spanNamesNode(SPAN_NAMES)))),
                Named.as(AGGREGATE));
    aggregated.to(topics.ledger(), produced(LEDGER));
    aggregated.to(topics.deadLetters(), produced(DEAD_LETTERS));
    aggregated.to(topics.decisions(), produced(DECISIONS));
    topics.spanNames().ifPresent(topic -> aggregated.to(topic, produced(SPAN_NAMES)));
    KStream<PartitionedKey, byte[]> deltas =
        aggregated.repartition(repartitioned(SERIES_DELTAS, aggregate.shards()));
    if (aggregate.pairingPartitions() > 0) {
      deltas =
          deltas.merge(
              paired(aggregated, topics, aggregate, tenants, meters), Named.as(ALL_DELTAS));
    }
    deltas
        .process(
            MergeProcessor.supplier(
                new MergeProcessor.Settings(merge, tenants, meters, MERGE_STATE, MERGE_HOOK)),
            Named.as(MERGE))
        .to(topics.samples(), produced(SAMPLES));
    return builder.build();
  }

  /**
   * Deltas of half edges that were brought together by trace and paired there. Their topic is one
   * of its own, as two parts that write to the same repartition topic become one, with common
   * tasks.
   */
  private static KStream<PartitionedKey, byte[]> paired(
      KStream<PartitionedKey, byte[]> aggregated,
      TopicNames topics,
      AggregateSettings aggregate,
      SettingsByWindow tenants,
      StreamsMeters meters) {
    KStream<PartitionedKey, byte[]> paired =
        aggregated
            .repartition(repartitioned(HALF_EDGES, aggregate.pairingPartitions()))
            .process(
                PairingProcessor.supplier(
                    new PairingProcessor.Settings(
                        aggregate,
                        tenants,
                        topics.spansPartitions(),
                        meters,
                        PAIRING_STATE,
                        PAIRING_HOOK,
                        EDGE_DELTAS_NODE,
                        PAIRING_LEDGER,
                        topics.spanNamesNode(PAIRING_SPAN_NAMES))),
                Named.as(PAIRING));
    paired.to(topics.ledger(), produced(PAIRING_LEDGER));
    topics.spanNames().ifPresent(topic -> paired.to(topic, produced(PAIRING_SPAN_NAMES)));
    return paired.repartition(repartitioned(EDGE_DELTAS, aggregate.shards()));
  }

  private static Repartitioned<PartitionedKey, byte[]> repartitioned(String name, int partitions) {
    return Repartitioned.<PartitionedKey, byte[]>as(name)
        .withKeySerde(PartitionedKey.serde())
        .withValueSerde(Serdes.ByteArray())
        .withStreamPartitioner(PartitionedKey.partitioner())
        .withNumberOfPartitions(partitions);
  }

  private static Produced<PartitionedKey, byte[]> produced(String name) {
    return Produced.<PartitionedKey, byte[]>as(name)
        .withKeySerde(PartitionedKey.serde())
        .withValueSerde(Serdes.ByteArray())
        .withStreamPartitioner(PartitionedKey.partitioner());
  }
}
