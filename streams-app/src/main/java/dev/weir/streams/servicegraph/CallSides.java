package dev.weir.streams.servicegraph;

import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.schemas.otlp.SpanLinks;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.streams.filter.SpanFilter;
import dev.weir.streams.weight.SpanWeights;
import dev.weir.streams.weight.WeightSettings;
import java.util.Arrays;

/**
 * Makes half edges of spans. Those of a record are staged first and count only when the record was
 * read to its end. Not thread-safe.
 */
public final class CallSides {
  private static final int STATUS_ERROR = 2;

  /** Of a span; what OpenTelemetry's SDKs allow unless told otherwise. */
  private static final int MAX_LINKS = 128;

  private static final byte[] NOTHING = new byte[0];

  /** Before each staged half edge: its length and the hash of its key. */
  private static final int HEADER = 16;

  private final PeerNames names;
  private final SpanFilter filter;
  private final boolean followsLinks;
  private final boolean hasWeights;
  private final SpanWeights weights;
  private final SpanLinks spanLinks = new SpanLinks();
  private final ByteWriter staged = new ByteWriter(4096);
  private final ByteReader reader = new ByteReader();
  private byte[] tenant = NOTHING;
  private boolean hasService;
  private double weight;
  private int sides;
  private int filtered;
  private int start;
  private int keyStart;
  private int links;
  private int tooManyLinks;
  private int onlyLinked;

  /** Takes half edges. */
  interface Sink {

    /** Tells of the key of each half edge, in order, before the first one is handed over. */
    default void expect(long keyHash) {}

    /**
     * @param half valid during the call only
     */
    void accept(HalfEdge half);
  }

  /**
   * @param filter which spans take part in edges
   * @param followsLinks whether the links of consumers are half edges, too
   * @param weightSettings how many calls a span stands for
   */
  public CallSides(
      PeerNames names, SpanFilter filter, boolean followsLinks, WeightSettings weightSettings) {
    this.names = names;
    this.filter = filter;
    this.followsLinks = followsLinks;
    this.hasWeights = weightSettings.enabled();
    this.weights = new SpanWeights(weightSettings);
  }

  /** The spans that follow belong to this tenant. */
  public void tenant(byte[] tenant) {
    this.tenant = tenant;
  }

  /**
   * The resource of the spans that follow; one that names no service takes no part in edges.
   *
   * @throws MalformedOtlpException if an attribute of it is broken
   */
  public void resource(ResourceView resource) throws MalformedOtlpException {
    hasService = names.resource(resource);
    filter.resource(resource);
    if (hasWeights) {
      weights.resource(resource);
    }
  }

  /** Stages a span of that resource. */
  public void span(SpanView span) throws MalformedOtlpException {
    int kind = span.kind();
    if (!hasService || !HalfEdge.isSide(kind)) {
      return;
    }
    sides++;
    if (!filter.accepts(span)) {
      filtered++;
      stageMarker(span, kind);
      return;
    }
    names.span(span, HalfEdge.isClientSide(kind));
    weight = hasWeights ? weights.of(span) : 0;
    boolean linked = followsLinks && kind == HalfEdge.CONSUMER && stageLinks(span);
    if (linked && parentLength(span) == 0) {
      onlyLinked++;
    } else {
      stage(span, kind, flags(span, kind));
    }
  }

  private int flags(SpanView span, int kind) {
    int flags = span.statusCode() == STATUS_ERROR ? HalfEdge.FAILED : 0;
    boolean isRoot = !HalfEdge.isClientSide(kind) && parentLength(span) == 0;
    flags |= isRoot ? HalfEdge.ROOT : 0;
    flags |= weight > 0 ? HalfEdge.WEIGHTED : 0;
    return flags | (names.isDatabase() ? HalfEdge.DATABASE : 0);
  }

  private void stage(SpanView span, int kind, int flags) throws MalformedOtlpException {
    begin(span, kind, flags);
    key(span, kind);
    names.writeTo(staged);
    end();
  }

  /** A root has no other side that could wait in vain. */
  private void stageMarker(SpanView span, int kind) {
    if (HalfEdge.isClientSide(kind) || parentLength(span) > 0) {
      begin(span, kind, HalfEdge.MARKER);
      key(span, kind);
      names.writeNoneTo(staged);
      end();
    }
  }

  /** Whether there were any that tell more than the span's parent does. */
  private boolean stageLinks(SpanView span) throws MalformedOtlpException {
    int before = links;
    spanLinks.of(span);
    while (spanLinks.next()) {
      if (!isParent(span)) {
        links++;
        if (links - before <= MAX_LINKS) {
          stageLink(span);
        } else {
          tooManyLinks++;
        }
      }
    }
    return links > before;
  }

  private void stageLink(SpanView span) throws MalformedOtlpException {
    int flags = flags(span, HalfEdge.CONSUMER) & ~HalfEdge.ROOT;
    begin(span, HalfEdge.CONSUMER, flags | HalfEdge.LINK);
    staged
        .prefixed(span.buffer(), spanLinks.traceIdOffset(), spanLinks.traceIdLength())
        .prefixed(span.buffer(), spanLinks.spanIdOffset(), spanLinks.spanIdLength());
    endKey();
    names.writeTo(staged);
    end();
  }

  private boolean isParent(SpanView span) {
    return isEqual(
            span.buffer(),
            spanLinks.traceIdOffset(),
            spanLinks.traceIdLength(),
            span.traceIdOffset(),
            span.traceIdLength())
        && isEqual(
            span.buffer(),
            spanLinks.spanIdOffset(),
            spanLinks.spanIdLength(),
            span.parentSpanIdOffset(),
            span.parentSpanIdLength());
  }

  private static boolean isEqual(byte[] in, int one, int oneLength, int other, int otherLength) {
    return Arrays.equals(in, one, one + oneLength, in, other, other + otherLength);
  }

  private void begin(SpanView span, int kind, int flags) {
    start = staged.length();
    staged.fixed64(0).fixed64(0);
    boolean clientSide = HalfEdge.isClientSide(kind);
    HalfEdge.begin(
        staged,
        kind,
        flags,
        span.durationNanos(),
        clientSide ? span.endUnixNanos() : span.startUnixNanos());
    if ((flags & HalfEdge.WEIGHTED) != 0) {
      staged.fixed64(Double.doubleToRawLongBits(weight));
    }
    keyStart = staged.length();
    staged.prefixed(tenant);
  }

  private void key(SpanView span, int kind) {
    staged.prefixed(span.buffer(), span.traceIdOffset(), span.traceIdLength());
    if (HalfEdge.isClientSide(kind)) {
      staged.prefixed(span.buffer(), span.spanIdOffset(), span.spanIdLength());
    } else {
      staged.prefixed(span.buffer(), span.parentSpanIdOffset(), parentLength(span));
    }
    endKey();
  }

  private void endKey() {
    int length = staged.length() - keyStart;
    staged.overwrite64(start + 8, HalfEdge.keyHash(staged.bytes(), keyStart, length));
  }

  private void end() {
    staged.overwrite64(start, staged.length() - start - HEADER);
  }

  /** A parent of zero bytes only is how some converters write "no parent". */
  private static int parentLength(SpanView span) {
    for (int i = 0; i < span.parentSpanIdLength(); i++) {
      if (span.buffer()[span.parentSpanIdOffset() + i] != 0) {
        return span.parentSpanIdLength();
      }
    }
    return 0;
  }

  /** Hands over what was staged, in order, and books it; nothing is staged any more. */
  void take(Edges edges, HalfEdge view, Sink sink) {
    edges.counts().sides(sides, links);
    edges.counts().unpaired("service_graphs_filtered", filtered);
    edges.counts().unpaired("linked", onlyLinked);
    edges.counts().unpaired("link_limit", tooManyLinks);
    reader.reset(staged.bytes(), 0, staged.length());
    while (reader.hasMore()) {
      int length = (int) reader.fixed64();
      sink.expect(reader.fixed64());
      reader.skip(length);
    }
    reader.reset(staged.bytes(), 0, staged.length());
    while (reader.hasMore()) {
      int length = (int) reader.fixed64();
      long keyHash = reader.fixed64();
      sink.accept(view.at(staged.bytes(), reader.skip(length), length, keyHash));
    }
    discard();
  }

  /** Forgets what was staged. */
  public void discard() {
    staged.truncate(0);
    sides = 0;
    filtered = 0;
    links = 0;
    tooManyLinks = 0;
    onlyLinked = 0;
  }
}
