package dev.weir.streams.servicegraph;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.layout.CorruptLayoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Pairs half edges that come from several source partitions. Bundles of different sources arrive
 * interleaved in any way, so half edges are put into an order first that the log alone decides: by
 * their time, then by source, then as they came. Those before a time are paired when every source
 * has said that nothing more comes before it; until then they are kept. What came before its source
 * had a time comes when it gets one. Not thread-safe.
 *
 * <p>Layout of the progress (version 2): version; the time before which all half edges were paired;
 * number of sources; for each its time + 1, 0 if it was not heard of, the number of its next
 * bundle, and its first time, 0 if it has none. Version 1 was without the latter.
 */
public final class RepartitionedGraph {
  private static final int VERSION = 2;

  /** Of bundles, by version. */
  private static final HalfEdgeReader.Form[] FORMS = {
    HalfEdgeReader.Form.VALUES_ONLY, HalfEdgeReader.Form.IN_FULL, HalfEdgeReader.Form.WITH_NODES
  };

  private final ServiceGraph graph;
  private final List<Source> sources = new ArrayList<>();
  private final PriorityQueue<Source> inOrder =
      new PriorityQueue<>(
          Comparator.comparingLong(Source::firstMillis).thenComparingInt(source -> source.number));
  private long pairedToMillis;

  /** What has not been paired yet of one source. */
  private static final class Source {
    private final int number;
    private final Deque<Bundle> bundles = new ArrayDeque<>();
    private final List<Long> done = new ArrayList<>();
    private long nowMillis = -1;
    private long beginMillis;
    private long nextBundle;

    Source(int number) {
      this.number = number;
    }

    Bundle first() {
      return bundles.getFirst();
    }

    /** When its next half edge came. */
    long firstMillis() {
      return millis(first());
    }

    long millis(Bundle bundle) {
      return bundle.timeMillis > 0 ? bundle.timeMillis : beginMillis;
    }
  }

  /** A bundle, before its next half edge. */
  private static final class Bundle {
    private final long number;
    private final byte[] bytes;
    private final ByteReader reader;
    private final HalfEdgeReader halves;
    private boolean isPersisted;
    private boolean hasHalf;
    private long timeMillis;
    private int offset;
    private int length;

    /**
     * @param reader behind the time
     */
    Bundle(long number, byte[] bytes, ByteReader reader, GraphNodes nodes) {
      this.number = number;
      this.bytes = bytes;
      this.reader = reader;
      this.halves = new HalfEdgeReader(nodes).begin(FORMS[bytes[0] - 1], reader);
      step();
    }

    void step() {
      hasHalf = reader.hasMore();
      if (hasHalf) {
        timeMillis = reader.fixed64();
        length = reader.uvarint31();
        offset = reader.skip(length);
      }
    }

    HalfEdge half() {
      return halves.read(bytes, offset, length);
    }
  }

  /** Where bundles that were not paired to their end are kept. */
  public interface BundleStore {
    void put(int source, long number, byte[] bundle);

    void delete(int source, long number);
  }

  /**
   * @param nodes those that its half edges will refer to
   */
  public RepartitionedGraph(ServiceGraphSettings settings, GraphNodes nodes) {
    this.graph = settings.newGraph(nodes);
  }

  /**
   * Takes a bundle in; of one source they come in order.
   *
   * @throws CorruptLayoutException if this program cannot read it
   */
  public void accept(byte[] bundle) {
    ByteReader reader = header(bundle);
    Source source = source(reader.uvarint31(), reader.uvarint31());
    now(source, reader.uvarint());
    append(source, new Bundle(source.nextBundle, bundle, reader, graph.nodes()));
    source.nextBundle++;
  }

  private static ByteReader header(byte[] bundle) {
    ByteReader reader = new ByteReader().reset(bundle);
    int version = reader.u8();
    if (version < 1 || version > HalfEdgeBundles.VERSION) {
      throw new CorruptLayoutException(
          "a bundle of half edges of version %d; this program reads versions 1 to %d"
              .formatted(version, HalfEdgeBundles.VERSION));
    }
    return reader;
  }

  private Source source(int number, int count) {
    while (sources.size() < count) {
      sources.add(new Source(sources.size()));
    }
    return sources.get(number);
  }

  private void now(Source source, long nowMillis) {
    if (source.nowMillis <= 0 && nowMillis > 0) {
      boolean isInOrder = inOrder.remove(source);
      source.beginMillis = nowMillis;
      if (isInOrder) {
        inOrder.add(source);
      }
    }
    source.nowMillis = Math.max(source.nowMillis, nowMillis);
  }

  private void append(Source source, Bundle bundle) {
    if (bundle.hasHalf) {
      source.bundles.addLast(bundle);
      if (source.bundles.size() == 1) {
        inOrder.add(source);
      }
    }
  }

  /** Pairs and expires what no source can add anything before to. */
  public void advance(ServiceGraph.EdgesByTenant tenants) {
    long completeMillis = sources.stream().mapToLong(source -> source.nowMillis).min().orElse(-1);
    if (completeMillis <= pairedToMillis) {
      return;
    }
    while (!inOrder.isEmpty() && inOrder.element().firstMillis() < completeMillis) {
      Source source = inOrder.remove();
      apply(source.first(), source.firstMillis(), tenants);
      step(source);
    }
    graph.expire(completeMillis, tenants);
    pairedToMillis = completeMillis;
  }

  private void apply(Bundle bundle, long timeMillis, ServiceGraph.EdgesByTenant tenants) {
    graph.expire(timeMillis, tenants);
    tenants.creditTo(timeMillis);
    HalfEdge side = bundle.half();
    Edges edges = tenants.of(side.bytes(), side.tenantOffset(), side.tenantLength());
    graph.apply(side, edges, tenants, timeMillis);
  }

  private void step(Source source) {
    Bundle bundle = source.first();
    bundle.step();
    if (!bundle.hasHalf) {
      source.bundles.removeFirst();
      if (bundle.isPersisted) {
        source.done.add(bundle.number);
      }
    }
    if (!source.bundles.isEmpty()) {
      inOrder.add(source);
    }
  }

  /** The time before which everything was paired, Unix milliseconds. */
  public long pairedToMillis() {
    return pairedToMillis;
  }

  /** How many half edges wait for their other half. */
  public int waiting() {
    return graph.waiting();
  }

  /**
   * Persists what changed since the last call; belongs to the commit of the bundles that were
   * accepted.
   *
   * @return the progress
   */
  public byte[] persist(ServiceGraph.BatchStore batches, BundleStore bundles) {
    graph.persist(batches, pairedToMillis);
    ByteWriter progress = new ByteWriter(64).u8(VERSION).uvarint(pairedToMillis);
    progress.uvarint(sources.size());
    for (Source source : sources) {
      progress.uvarint(source.nowMillis + 1).uvarint(source.nextBundle).uvarint(source.beginMillis);
      source.done.forEach(number -> bundles.delete(source.number, number));
      source.done.clear();
      for (Bundle bundle : source.bundles) {
        if (!bundle.isPersisted) {
          bundles.put(source.number, bundle.number, bundle.bytes);
          bundle.isPersisted = true;
        }
      }
    }
    return progress.toByteArray();
  }

  /** Takes back the progress, before anything else. */
  public void restore(byte[] progress) {
    ByteReader reader = new ByteReader().reset(progress);
    int version = reader.u8();
    if (version < 1 || version > VERSION) {
      throw new CorruptLayoutException(
          "progress of pairing of version %d; this program reads versions 1 to %d"
              .formatted(version, VERSION));
    }
    pairedToMillis = reader.uvarint();
    int count = reader.uvarint31();
    for (int number = 0; number < count; number++) {
      Source source = source(number, count);
      source.nowMillis = reader.uvarint() - 1;
      source.nextBundle = reader.uvarint();
      source.beginMillis = version > 1 ? reader.uvarint() : 0;
    }
  }

  /** Takes back half edges that wait. */
  public ServiceGraph.Restorer restorer() {
    return new ServiceGraph.Restorer(graph);
  }

  /** Takes back a bundle that was not paired to its end; those of a source in order. */
  public void restore(int sourceNumber, long number, byte[] bytes) {
    ByteReader reader = header(bytes);
    reader.uvarint();
    reader.uvarint();
    reader.uvarint();
    Bundle bundle = new Bundle(number, bytes, reader, graph.nodes());
    bundle.isPersisted = true;
    Source source = sources.get(sourceNumber);
    while (bundle.hasHalf && source.millis(bundle) < pairedToMillis) {
      bundle.step();
    }
    append(source, bundle);
  }
}
