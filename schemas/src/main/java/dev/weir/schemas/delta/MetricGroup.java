package dev.weir.schemas.delta;

/**
 * Metrics that share a label set and grow together. The amounts of a label set are a vector: first
 * the counters, then for each histogram its sum in nanoseconds and its buckets (not cumulative),
 * the last one without upper bound.
 */
public enum MetricGroup {
  /** Counters: calls, size in bytes. Histogram: latency. */
  SPAN_METRICS(1, 2, 1),

  /** Counters: requests, failed requests. Histograms: server side, client side. */
  SERVICE_GRAPH(2, 2, 2),

  /** Gauge: a process was seen. */
  TARGET_INFO(3, 1, 0),

  /** Histogram: from the end of sending to the begin of receiving; has the graph's buckets. */
  SERVICE_GRAPH_MESSAGING(4, 0, 1),

  /** Gauge: an edge was seen. */
  CONNECTION_INFO(5, 1, 0),

  /** Gauge: a host was seen. */
  HOST_INFO(6, 1, 0);

  private final int code;
  private final int counters;
  private final int histograms;

  MetricGroup(int code, int counters, int histograms) {
    this.code = code;
    this.counters = counters;
    this.histograms = histograms;
  }

  /** Its number on the wire and in state; never changes. */
  public int code() {
    return code;
  }

  /** How many counters a label set has. */
  public int counters() {
    return counters;
  }

  /** How many histograms a label set has. */
  public int histograms() {
    return histograms;
  }

  /** Whether its counter says only that something is there: it is sent as a gauge of value 1. */
  public boolean isGauge() {
    return this == CONNECTION_INFO || this == TARGET_INFO || this == HOST_INFO;
  }

  /** The group whose setting says what buckets this one has. */
  public MetricGroup bucketsOf() {
    return switch (this) {
      case SPAN_METRICS, TARGET_INFO, HOST_INFO -> SPAN_METRICS;
      case SERVICE_GRAPH, SERVICE_GRAPH_MESSAGING, CONNECTION_INFO -> SERVICE_GRAPH;
    };
  }

  /**
   * The group with a number.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static MetricGroup of(int code) {
    return switch (code) {
      case 1 -> SPAN_METRICS;
      case 2 -> SERVICE_GRAPH;
      case 3 -> TARGET_INFO;
      case 4 -> SERVICE_GRAPH_MESSAGING;
      case 5 -> CONNECTION_INFO;
      case 6 -> HOST_INFO;
      default -> throw new IllegalArgumentException("no metric group has number " + code);
    };
  }

  /** Length of the vector if each histogram has that many buckets, the unbounded one included. */
  public int vectorLength(int buckets) {
    return counters + histograms * (1 + buckets);
  }

  /**
   * How many series a label set has that has all metrics of the group, if each histogram has that
   * many buckets, the unbounded one included.
   */
  public int mostSeries(int buckets) {
    return counters + histograms * (buckets + 2);
  }

  /** Index of a histogram's sum; its buckets follow. */
  public int sumIndex(int histogram, int buckets) {
    return counters + histogram * (1 + buckets);
  }
}
