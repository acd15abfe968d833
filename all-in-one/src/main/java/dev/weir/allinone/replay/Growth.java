package dev.weir.allinone.replay;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.remotewrite.v2.Histogram;
import dev.weir.schemas.remotewrite.v2.Metadata;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.Sample;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * By how much each counter of an outbox grows, window by window. What a counter was at before its
 * first sample is not known, unless that is the zero which a new one begins with. Gauges count
 * nothing. Takes the requests of a shard in order. Not thread-safe.
 */
public final class Growth {
  private final Map<String, Double> last = new HashMap<>();
  private final Map<String, Increment> window = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private long samples;

  /**
   * Growth of a counter within a window.
   *
   * @param by how much it grew
   * @param to what it was at the end; it says how exact {@code by} can be
   */
  public record Increment(double by, double to) {

    /** Nothing. */
    public static final Increment NONE = new Increment(0, 0);

    /**
     * Whether two are the same growth. A difference of two floating-point totals is exact only to
     * what the totals are exact to; counts are whole numbers, for which that is exactly.
     */
    public boolean equalsTo(Increment other) {
      return Math.abs(by - other.by) <= 4 * (Math.ulp(to) + Math.ulp(other.to));
    }

    Increment plus(Increment later) {
      return new Increment(by + later.by, later.to);
    }
  }

  /**
   * Takes in a record of the outbox.
   *
   * @throws InvalidProtocolBufferException if it is not a request
   */
  public void add(String tenant, byte[] bytes) throws InvalidProtocolBufferException {
    add(tenant, Request.parseFrom(bytes));
  }

  void add(String tenant, Request request) {
    for (TimeSeries series : request.getTimeseriesList()) {
      String name = tenant + " " + SeriesText.of(request, series);
      seen.add(name);
      samples += series.getSamplesCount() + series.getHistogramsCount();
      if (series.getMetadata().getType() != Metadata.MetricType.METRIC_TYPE_GAUGE) {
        for (Sample sample : series.getSamplesList()) {
          value(name, sample.getValue());
        }
        for (Histogram histogram : series.getHistogramsList()) {
          value(name, (double) histogram.getCountInt() + histogram.getCountFloat());
        }
      }
    }
  }

  private void value(String series, double value) {
    if (Double.isNaN(value)) {
      last.remove(series);
      return;
    }
    Double before = last.put(series, value);
    if (before != null && value != before) {
      double by = value < before ? value : value - before;
      window.merge(series, new Increment(by, value), Increment::plus);
    }
  }

  /** What grew since the last call, by tenant and series. */
  public Map<String, Increment> take() {
    Map<String, Increment> taken = new HashMap<>(window);
    window.clear();
    return taken;
  }

  /** All series so far, gauges too: tenant, a space, and the series. */
  public Set<String> seen() {
    return seen;
  }

  /** Samples so far. */
  public long samples() {
    return samples;
  }
}
