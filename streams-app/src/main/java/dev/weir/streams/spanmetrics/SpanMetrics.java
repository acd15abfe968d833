package dev.weir.streams.spanmetrics;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.otlp.AnyValueText;
import dev.weir.schemas.otlp.AttributeValues;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.LabelsWriter;
import dev.weir.streams.series.SeriesTable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Counts the spans of one tenant per operation, as Tempo's span-metrics processor does: calls,
 * latency and encoded size by service, span name, kind and status. The spans of a record are staged
 * first and count only when the record was read to its end. Not thread-safe.
 */
public final class SpanMetrics {
  private static final int SIZE = 1;
  private static final int LATENCY = 0;
  private static final byte[] SERVICE = ascii("service");
  private static final byte[] SPAN_KIND = ascii("span_kind");
  private static final byte[] SPAN_NAME = ascii("span_name");
  private static final byte[] STATUS_CODE = ascii("status_code");
  private static final byte[][] KINDS = {
    ascii("SPAN_KIND_UNSPECIFIED"),
    ascii("SPAN_KIND_INTERNAL"),
    ascii("SPAN_KIND_SERVER"),
    ascii("SPAN_KIND_CLIENT"),
    ascii("SPAN_KIND_PRODUCER"),
    ascii("SPAN_KIND_CONSUMER")
  };
  private static final byte[][] STATUS_CODES = {
    ascii("STATUS_CODE_UNSET"), ascii("STATUS_CODE_OK"), ascii("STATUS_CODE_ERROR")
  };

  private final SeriesTable table;
  private final HistogramBounds bounds;
  private final LabelsWriter labels;
  private final AnyValueText service = new AnyValueText();
  private final ByteWriter key = new ByteWriter(256);
  private int serviceKeyLength;

  private int[] stagedEntries = new int[512];
  private long[] stagedNanos = new long[512];
  private int[] stagedSizes = new int[512];
  private int staged;
  private long invalid;

  /**
   * @param shards how many shards label sets are spread over
   * @param maxLabelValueBytes longest label value; 0 is no limit
   */
  public SpanMetrics(byte[] tenant, HistogramBounds bounds, int shards, int maxLabelValueBytes) {
    this.table = new SeriesTable(tenant, MetricGroup.SPAN_METRICS, bounds.buckets(), shards);
    this.bounds = bounds;
    this.labels = new LabelsWriter(maxLabelValueBytes);
  }

  /**
   * The resource of the spans that follow.
   *
   * @param serviceName index of {@code service.name} in {@code attributes}
   */
  public void resource(AttributeValues attributes, int serviceName) throws MalformedOtlpException {
    if (attributes.isPresent(serviceName)) {
      service.render(
          attributes.buffer(), attributes.offset(serviceName), attributes.length(serviceName));
    } else {
      service.render(attributes.buffer(), 0, 0);
    }
    key.truncate(0).prefixed(service.buffer(), service.offset(), service.length());
    serviceKeyLength = key.length();
  }

  /** Stages a span of that resource. */
  public void span(SpanView span) {
    key.truncate(serviceKeyLength);
    key.uvarint(span.kind() & 0xFFFFFFFFL)
        .uvarint(span.statusCode() & 0xFFFFFFFFL)
        .raw(span.buffer(), span.nameOffset(), span.nameLength());
    int entry = table.find(key.bytes(), 0, key.length());
    if (entry < 0) {
      entry = table.insert(key.bytes(), 0, key.length(), labelsOf(span));
    }
    if (staged == stagedEntries.length) {
      grow();
    }
    stagedEntries[staged] = entry;
    stagedNanos[staged] = span.durationNanos();
    stagedSizes[staged] = span.length();
    staged++;
  }

  /** Counts what was staged. */
  public void apply() {
    for (int i = 0; i < staged; i++) {
      int entry = stagedEntries[i];
      if (table.isWellFormed(entry)) {
        table.count(entry);
        table.add(entry, SIZE, stagedSizes[i]);
        table.observe(entry, LATENCY, stagedNanos[i], bounds.bucketOf(stagedNanos[i]));
      } else {
        invalid++;
      }
    }
    staged = 0;
  }

  /** Forgets what was staged. */
  public void discard() {
    staged = 0;
  }

  /** The amounts since the last drain. */
  public SeriesTable table() {
    return table;
  }

  /** Spans that were not counted since the last call, because a label of theirs is not UTF-8. */
  public long takeInvalid() {
    long taken = invalid;
    invalid = 0;
    return taken;
  }

  private LabelsWriter labelsOf(SpanView span) {
    return labels
        .begin()
        .label(SERVICE, service.buffer(), service.offset(), service.length())
        .label(SPAN_KIND, name(KINDS, span.kind()))
        .label(SPAN_NAME, span.buffer(), span.nameOffset(), span.nameLength())
        .label(STATUS_CODE, name(STATUS_CODES, span.statusCode()));
  }

  /** A number that the enum does not know is shown as it is. */
  private static byte[] name(byte[][] names, int number) {
    return number >= 0 && number < names.length ? names[number] : ascii(Integer.toString(number));
  }

  private void grow() {
    int capacity = staged * 2;
    stagedEntries = Arrays.copyOf(stagedEntries, capacity);
    stagedNanos = Arrays.copyOf(stagedNanos, capacity);
    stagedSizes = Arrays.copyOf(stagedSizes, capacity);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
