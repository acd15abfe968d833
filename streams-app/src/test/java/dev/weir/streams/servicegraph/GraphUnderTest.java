package dev.weir.streams.servicegraph;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.weir.schemas.delta.Amounts;
import dev.weir.schemas.delta.DeltaBatchReader;
import dev.weir.schemas.delta.DeltaBatchWriter;
import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.delta.Tally;
import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.schemas.otlp.SpanVisitor;
import dev.weir.schemas.otlp.TracesDataReader;
import dev.weir.schemas.topic.SpanCodec;
import dev.weir.streams.filter.FilterPolicies;
import dev.weir.streams.filter.SpanFilter;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.LabelRules;
import dev.weir.streams.series.SeriesSettings;
import dev.weir.streams.series.ValueRules;
import dev.weir.streams.weight.WeightSettings;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A service graph of one tenant that tells its edges as text. */
final class GraphUnderTest implements ServiceGraph.EdgesByTenant, ServiceGraph.BatchStore {
  static final long WAIT_MILLIS = 10_000;
  private static final byte[] TENANT = {'t'};
  private static final HistogramBounds BOUNDS = new HistogramBounds(List.of(0.04));
  private static final int BUCKETS = 2;
  private static final MetricGroup GROUP = MetricGroup.SERVICE_GRAPH;

  private final int maxItems;
  private final Edges edges;
  private final TracesDataReader reader = new TracesDataReader();
  private final Pairing pairing;
  private final CallSides sides;
  private final Map<Long, byte[]> batches = new TreeMap<>();
  private final List<Long> credited = new ArrayList<>();
  private final GraphNodes nodes = new GraphNodes();
  private ServiceGraph graph;
  private long nowMillis;

  GraphUnderTest() {
    this(10_000);
  }

  GraphUnderTest(int maxItems) {
    this(maxItems, EdgeSettings.PLAIN, FilterPolicies.NONE);
  }

  GraphUnderTest(EdgeSettings settings) {
    this(10_000, settings, FilterPolicies.NONE);
  }

  GraphUnderTest(FilterPolicies filter) {
    this(10_000, EdgeSettings.PLAIN, filter);
  }

  GraphUnderTest(EdgeSettings settings, Pairing pairing) {
    this(10_000, settings, FilterPolicies.NONE, pairing);
  }

  GraphUnderTest(Pairing pairing) {
    this(10_000, pairing, FilterPolicies.NONE);
  }

  GraphUnderTest(int maxItems, Pairing pairing, FilterPolicies filter) {
    this(maxItems, EdgeSettings.PLAIN, filter, pairing);
  }

  private GraphUnderTest(int maxItems, EdgeSettings settings, FilterPolicies filter) {
    this(maxItems, settings, filter, Pairing.PLAIN);
  }

  private GraphUnderTest(
      int maxItems, EdgeSettings settings, FilterPolicies filter, Pairing pairing) {
    this.maxItems = maxItems;
    this.edges =
        new Edges(TENANT, settings, SeriesSettings.DEFAULT, BOUNDS, 1, LabelRules.NONE, nodes);
    this.pairing = pairing;
    PeerNames names =
        new PeerNames(
            PeerNames.DEFAULT_PEER_ATTRIBUTES, settings.dimensions(), ValueRules.DEFAULT, nodes);
    this.sides = new CallSides(names, new SpanFilter(filter), pairing.links(), WeightSettings.NONE);
    this.graph = graph();
  }

  private ServiceGraph graph() {
    return new ServiceGraph(pairing, WAIT_MILLIS, new Room(maxItems, maxItems), nodes);
  }

  static Span.Builder client(int id) {
    return span(Span.SpanKind.SPAN_KIND_CLIENT, 50).setSpanId(id(id));
  }

  static Span.Builder server(int parent) {
    return span(Span.SpanKind.SPAN_KIND_SERVER, 30).setParentSpanId(id(parent)).setSpanId(id(99));
  }

  static Span.Builder rootServer() {
    return server(0).clearParentSpanId();
  }

  static Span.Builder span(Span.SpanKind kind, long millis) {
    return Span.newBuilder()
        .setTraceId(ByteString.copyFromUtf8("0123456789abcdef"))
        .setKind(kind)
        .setStartTimeUnixNano(1)
        .setEndTimeUnixNano(1 + millis * 1_000_000);
  }

  static ByteString id(int number) {
    return ByteString.copyFrom(new byte[] {0, 0, 0, 0, 0, 0, 0, (byte) number});
  }

  static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  /** A record with one span of a service. */
  GraphUnderTest accept(String service, Span.Builder span) {
    return accept(
        Resource.newBuilder().addAttributes(attribute("service.name", service)).build(), span);
  }

  GraphUnderTest accept(Resource resource, Span.Builder span) {
    stage(resource, span);
    graph.apply(sides, edges, this, nowMillis);
    return this;
  }

  GraphUnderTest stage(Resource resource, Span.Builder span) {
    TracesData data =
        TracesData.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .setResource(resource)
                    .addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
            .build();
    sides.tenant(TENANT);
    try {
      reader.read(SpanCodec.OTLP, data.toByteArray(), visitor());
    } catch (MalformedOtlpException e) {
      throw new IllegalArgumentException(e);
    }
    return this;
  }

  private SpanVisitor visitor() {
    return new SpanVisitor() {
      @Override
      public void resource(ResourceView resource) throws MalformedOtlpException {
        sides.resource(resource);
      }

      @Override
      public void span(SpanView span) throws MalformedOtlpException {
        sides.span(span);
      }
    };
  }

  /** Stages a span of a service and leaves it to {@link #bundle}. */
  GraphUnderTest accepted(String service, Span.Builder span) {
    return stage(
        Resource.newBuilder().addAttributes(attribute("service.name", service)).build(), span);
  }

  /** What was staged, as a source partition sends it. */
  byte[] bundle(ServiceGraphSettings settings, int source, int sources, long millis) {
    List<byte[]> sent = new ArrayList<>();
    HalfEdgeBundles bundles = bundles(settings, source, sources, sent);
    bundles.add(sides, edges, millis);
    bundles.send(millis, true);
    return sent.get(0);
  }

  HalfEdgeBundles bundles(
      ServiceGraphSettings settings, int source, int sources, List<byte[]> sent) {
    return new HalfEdgeBundles(
        settings, source, sources, 1, nodes, (partition, bundle) -> sent.add(bundle));
  }

  void bundleInto(HalfEdgeBundles bundles, long millis) {
    bundles.add(sides, edges, millis);
  }

  GraphUnderTest discard() {
    sides.discard();
    return this;
  }

  /** Time passes. */
  GraphUnderTest at(long millis) {
    nowMillis = millis;
    graph.expire(nowMillis, this);
    return this;
  }

  GraphUnderTest persist() {
    graph.persist(this, nowMillis);
    edges.forgetIfLargerThan(Integer.MAX_VALUE);
    return this;
  }

  /** What was not persisted is lost. */
  GraphUnderTest restart() {
    graph = graph();
    ServiceGraph.Restorer restorer = new ServiceGraph.Restorer(graph);
    batches.forEach((number, batch) -> restorer.batch(number, batch, nowMillis));
    return this;
  }

  Map<Long, byte[]> batches() {
    return batches;
  }

  /** The instants to which what expired was credited. */
  List<Long> credited() {
    return credited;
  }

  Edges.EdgeCounts counts() {
    return edges.counts();
  }

  int waiting() {
    return graph.waiting();
  }

  @Override
  public Edges of(byte[] buffer, int tenantOffset, int tenantLength) {
    return edges;
  }

  @Override
  public void creditTo(long instantMillis) {
    credited.add(instantMillis);
  }

  @Override
  public void put(long number, byte[] batch) {
    batches.put(number, batch);
  }

  @Override
  public void delete(long number) {
    batches.remove(number);
  }

  /**
   * The edges since the last call, such as {@code cart -database-> orders: 2, 1 failed, server
   * 60ms, client -}.
   */
  List<String> edges() {
    return drain(MetricGroup.SERVICE_GRAPH).stream()
        .map(drained -> text(drained.labels(), drained.amounts()))
        .toList();
  }

  /** The label sets of the edges since the last call. */
  List<Map<String, String>> labelSets() {
    return labelSets(MetricGroup.SERVICE_GRAPH);
  }

  /** The label sets of a group that grew since the last call. */
  List<Map<String, String>> labelSets(MetricGroup group) {
    return drain(group).stream().map(Drained::labels).toList();
  }

  /** What a group amounts to since the last call, over all edges. */
  Amounts amounts(MetricGroup group) {
    Amounts sum = new Amounts(group.vectorLength(BUCKETS));
    drain(group).forEach(drained -> sum.add(drained.amounts()));
    return sum;
  }

  private record Drained(MetricGroup group, Map<String, String> labels, Amounts amounts) {}

  private List<Drained> drain(MetricGroup wanted) {
    DeltaBatchWriter writer = new DeltaBatchWriter();
    edges.drain(
        (shard, group, flags, labels, offset, length) ->
            writer.labelSet(0, TENANT, group, flags, labels, offset, length));
    DeltaBatchReader reader = new DeltaBatchReader(writer.finish(0, 1, 0));
    List<Drained> all = new ArrayList<>();
    while (reader.next()) {
      Tally tally = new Tally(reader.group().vectorLength(BUCKETS));
      reader.addTo(tally);
      Amounts amounts = tally.amounts();
      all.add(new Drained(reader.group(), labels(reader), amounts));
    }
    return all.stream().filter(drained -> drained.group() == wanted).toList();
  }

  private static String text(Map<String, String> labels, Amounts amounts) {
    return "%s -%s-> %s: %d, %d failed, server %s, client %s"
        .formatted(
            labels.getOrDefault("client", ""),
            labels.getOrDefault("connection_type", ""),
            labels.getOrDefault("server", ""),
            amounts.exact(0),
            amounts.exact(1),
            latency(amounts, 0),
            latency(amounts, 1));
  }

  private static String latency(Amounts amounts, int histogram) {
    int sum = GROUP.sumIndex(histogram, BUCKETS);
    boolean observed = !amounts.isZero(sum + 1) || !amounts.isZero(sum + 2);
    return observed ? amounts.exact(sum).longValue() / 1_000_000 + "ms" : "-";
  }

  private static Map<String, String> labels(DeltaBatchReader reader) {
    ByteReader bytes =
        new ByteReader().reset(reader.buffer(), reader.labelsOffset(), reader.labelsLength());
    Map<String, String> labels = new LinkedHashMap<>();
    while (bytes.hasMore()) {
      labels.put(new String(bytes.prefixed(), UTF_8), new String(bytes.prefixed(), UTF_8));
    }
    return labels;
  }
}
