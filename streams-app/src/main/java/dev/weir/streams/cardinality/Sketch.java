package dev.weir.streams.cardinality;

import com.dynatrace.hash4j.distinctcount.HyperLogLog;
import dev.weir.schemas.layout.ByteReader;
import dev.weir.schemas.layout.ByteWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts distinct hashes: HyperLogLog of precision 10 (a standard error of 3 %, 768 bytes), and the
 * few bytes that tell the hashes apart as long as there are no more than {@value #MOST_TOKENS},
 * which is then exact. Not thread-safe.
 *
 * <p>Layout: 1 + number of tokens, and the tokens in ascending order; or 0, and the counter's state
 * behind its length. Numbers are {@code uvarint}s.
 */
public final class Sketch {
  private static final int PRECISION = 10;
  private static final int MOST_TOKENS = 128;

  /** Sorted. */
  private int[] tokens = new int[4];

  private int count;
  private @Nullable HyperLogLog dense;
  private boolean changed;

  /**
   * Adds a hash; it may have fewer than 64 random bits, such as one of a shard, whose first bits
   * are all the same.
   *
   * @return whether the sketch has changed, which a hash that is in it does not do
   */
  public boolean add(long hash) {
    long mixed = mix(hash);
    HyperLogLog counter = dense;
    if (counter == null) {
      return addToken(HyperLogLog.computeToken(mixed));
    }
    changed = false;
    counter.add(mixed, probability -> changed = true);
    return changed;
  }

  /** A bijection that spreads every bit over all others. */
  private static long mix(long hash) {
    long mixed = (hash ^ hash >>> 32) * 0x9FB21C651E98DF25L;
    mixed = (mixed ^ mixed >>> 29) * 0xD6E8FEB86659FD93L;
    return mixed ^ mixed >>> 32;
  }

  private boolean addToken(int token) {
    int found = Arrays.binarySearch(tokens, 0, count, token);
    if (found >= 0) {
      return false;
    }
    if (count == MOST_TOKENS) {
      toDense().addToken(token);
      return true;
    }
    if (count == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * count);
    }
    int at = -found - 1;
    System.arraycopy(tokens, at, tokens, at + 1, count - at);
    tokens[at] = token;
    count++;
    return true;
  }

  private HyperLogLog toDense() {
    HyperLogLog counter = dense;
    if (counter == null) {
      counter = HyperLogLog.create(PRECISION);
      for (int i = 0; i < count; i++) {
        counter.addToken(tokens[i]);
      }
      dense = counter;
      tokens = new int[0];
      count = 0;
    }
    return counter;
  }

  /** Adds everything that another one has. */
  public void add(Sketch other) {
    if (other.dense != null) {
      toDense().add(other.dense);
    }
    for (int i = 0; i < other.count; i++) {
      if (dense == null) {
        addToken(other.tokens[i]);
      } else {
        dense.addToken(other.tokens[i]);
      }
    }
  }

  /** How many distinct hashes were added, about. */
  public long estimate() {
    return dense == null ? count : Math.round(dense.getDistinctCountEstimate());
  }

  /** Whether nothing was added. */
  public boolean isEmpty() {
    return dense == null && count == 0;
  }

  /** The layout above. */
  public void write(ByteWriter to) {
    if (dense != null) {
      to.uvarint(0).prefixed(dense.getState());
      return;
    }
    to.uvarint(1 + count);
    for (int i = 0; i < count; i++) {
      to.uvarint(Integer.toUnsignedLong(tokens[i]));
    }
  }

  /** Reads the layout above. */
  public static Sketch read(ByteReader from) {
    Sketch read = new Sketch();
    int first = from.uvarint31();
    if (first == 0) {
      read.dense = HyperLogLog.wrap(from.prefixed());
    }
    for (int i = 1; i < first; i++) {
      read.addToken((int) from.uvarint());
    }
    return read;
  }
}
