package dev.weir.streams.servicegraph;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.weir.schemas.layout.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Half edges of one source partition on their way to where their trace is paired, which the hash of
 * tenant and trace id decides. Not thread-safe.
 *
 * <p>Layout of a bundle (version 3): version; source partition; how many source partitions there
 * are; time of the source partition in Unix milliseconds, before which nothing more comes from it;
 * the {@link NodeList} that the half edges refer to; then half edges until the end, each with the
 * source partition's time at which it came (8 bytes), behind its length. Numbers are {@code
 * uvarint}s unless they are single bytes. Within a source those times never go back. They are 0
 * while the source has no time; the first bundle that has one says what they are. For versions 1
 * and 2 see {@link HalfEdgeReader.Form}: 1 was {@code VALUES_ONLY}, 2 was {@code IN_FULL}.
 */
public final class HalfEdgeBundles {
  static final int VERSION = 3;

  /** A bundle is sent on before the commit at this size, well below a broker's limit. */
  private static final int LARGE_BUNDLE_BYTES = 256 * 1024;

  private static final Hasher64 HASHER = Hashing.wyhashFinal4();

  private final Pairing pairing;
  private final int source;
  private final Output output;
  private final List<Bundle> bundles = new ArrayList<>();
  private final HalfEdge half;
  private int sources;

  /** Where bundles go, in the transaction of the records that they came of. */
  public interface Output {

    /**
     * @param partition where the traces of these half edges are paired
     */
    void send(int partition, byte[] bundle);
  }

  /** What is on its way to one partition. */
  private record Bundle(NodeList nodes, ByteWriter halves) {
    void add(HalfEdge side, long nowMillis) {
      side.writeTo(halves.fixed64(nowMillis), nodes);
    }

    int length() {
      return nodes.length() + halves.length();
    }

    void writeTo(ByteWriter to) {
      nodes.writeTo(to);
      to.raw(halves.bytes(), 0, halves.length());
    }

    void clear() {
      nodes.clear();
      halves.truncate(0);
    }
  }

  /**
   * @param partitions how many partitions traces are paired in
   * @param nodes those that the half edges refer to
   */
  public HalfEdgeBundles(
      ServiceGraphSettings settings,
      int source,
      int sources,
      int partitions,
      GraphNodes nodes,
      Output output) {
    this.pairing = settings.pairing();
    this.source = source;
    this.sources = sources;
    this.output = output;
    this.half = new HalfEdge(nodes);
    for (int i = 0; i < partitions; i++) {
      bundles.add(new Bundle(new NodeList(nodes), new ByteWriter(256)));
    }
  }

  /** There are that many source partitions from here on. */
  public void sources(int count) {
    sources = count;
  }

  /**
   * Takes what was staged.
   *
   * @param edges those of the tenant whose spans were staged
   * @param nowMillis the source partition's time
   */
  public void add(CallSides sides, Edges edges, long nowMillis) {
    sides.take(edges, half, side -> add(side, edges, nowMillis));
  }

  private void add(HalfEdge side, Edges edges, long nowMillis) {
    if (pairing.isEdgeAtOnce(side)) {
      edges.database(side);
      return;
    }
    long hash = HASHER.hashBytesToLong(side.bytes(), side.keyOffset(), side.traceKeyLength());
    int partition = (int) Long.remainderUnsigned(hash, bundles.size());
    Bundle bundle = bundles.get(partition);
    bundle.add(side, nowMillis);
    if (bundle.length() > LARGE_BUNDLE_BYTES) {
      send(partition, nowMillis);
    }
  }

  /**
   * Sends everything.
   *
   * @param announce whether those that have nothing to pair are told the time, too
   */
  public void send(long nowMillis, boolean announce) {
    for (int partition = 0; partition < bundles.size(); partition++) {
      if (announce || bundles.get(partition).length() > 0) {
        send(partition, nowMillis);
      }
    }
  }

  private void send(int partition, long nowMillis) {
    Bundle bundle = bundles.get(partition);
    ByteWriter bytes = new ByteWriter(bundle.length() + 32);
    bytes.u8(VERSION).uvarint(source).uvarint(sources).uvarint(nowMillis);
    bundle.writeTo(bytes);
    bundle.clear();
    output.send(partition, bytes.toByteArray());
  }
}
