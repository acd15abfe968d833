package dev.weir.streams.outbox;

import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.remotewrite.v2.Exemplar;
import dev.weir.schemas.remotewrite.v2.Histogram;
import dev.weir.schemas.remotewrite.v2.Metadata;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.Sample;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes a {@link Request} of remote write 2.0 series by series, with the bytes that protobuf's own
 * writer gives: fields by number, repeated numbers packed, zeros left out. Of a series come the
 * labels first, then samples, histograms, and exemplars. Not thread-safe.
 */
final class RequestWriter {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;

  private final Map<String, Integer> symbols = new HashMap<>();
  private final ByteWriter symbolBytes = new ByteWriter(4096);
  private final ByteWriter whole = new ByteWriter(1 << 16);
  private final ByteWriter series = new ByteWriter(512);
  private final ByteWriter message = new ByteWriter(64);
  private Metadata.MetricType type = Metadata.MetricType.METRIC_TYPE_UNSPECIFIED;

  RequestWriter() {
    symbol("");
  }

  /** The number of a text. */
  int symbol(String text) {
    Integer known = symbols.get(text);
    if (known != null) {
      return known;
    }
    int index = symbols.size();
    symbols.put(text, index);
    symbolBytes
        .u8(tag(Request.SYMBOLS_FIELD_NUMBER, LENGTH))
        .prefixed(text.getBytes(StandardCharsets.UTF_8));
    return index;
  }

  /**
   * Begins a series, which ends the one before.
   *
   * @param labels numbers of names and values in turn, as {@code uvarint}s
   */
  void begin(ByteWriter labels, Metadata.MetricType ofSeries) {
    end();
    type = ofSeries;
    field(series, TimeSeries.LABELS_REFS_FIELD_NUMBER, labels);
  }

  void sample(double value, long timestampMillis, long startMillis) {
    message.truncate(0);
    number(Sample.VALUE_FIELD_NUMBER, value);
    number(Sample.TIMESTAMP_FIELD_NUMBER, timestampMillis);
    number(Sample.START_TIMESTAMP_FIELD_NUMBER, startMillis);
    field(series, TimeSeries.SAMPLES_FIELD_NUMBER, message);
  }

  void histogram(Histogram histogram) {
    series.u8(tag(TimeSeries.HISTOGRAMS_FIELD_NUMBER, LENGTH)).prefixed(histogram.toByteArray());
  }

  /**
   * @param labels as in {@link #begin}
   */
  void exemplar(ByteWriter labels, double value, long timestampMillis) {
    message.truncate(0);
    field(message, Exemplar.LABELS_REFS_FIELD_NUMBER, labels);
    number(Exemplar.VALUE_FIELD_NUMBER, value);
    number(Exemplar.TIMESTAMP_FIELD_NUMBER, timestampMillis);
    field(series, TimeSeries.EXEMPLARS_FIELD_NUMBER, message);
  }

  private void end() {
    if (series.length() > 0) {
      message.truncate(0);
      number(Metadata.TYPE_FIELD_NUMBER, (long) type.getNumber());
      field(series, TimeSeries.METADATA_FIELD_NUMBER, message);
      field(whole, Request.TIMESERIES_FIELD_NUMBER, series);
      series.truncate(0);
    }
  }

  private static void field(ByteWriter to, int number, ByteWriter value) {
    to.u8(tag(number, LENGTH)).prefixed(value.bytes(), 0, value.length());
  }

  private void number(int field, double value) {
    long bits = Double.doubleToRawLongBits(value);
    if (bits != 0) {
      message.u8(tag(field, FIXED64)).fixed64(Long.reverseBytes(bits)); // little-endian
    }
  }

  private void number(int field, long value) {
    if (value != 0) {
      message.u8(tag(field, VARINT)).uvarint(value);
    }
  }

  private static int tag(int field, int wireType) {
    return field << 3 | wireType;
  }

  boolean isEmpty() {
    return whole.length() + series.length() == 0;
  }

  /** The request with all series. */
  byte[] toByteArray() {
    end();
    byte[] request = new byte[symbolBytes.length() + whole.length()];
    System.arraycopy(symbolBytes.bytes(), 0, request, 0, symbolBytes.length());
    System.arraycopy(whole.bytes(), 0, request, symbolBytes.length(), whole.length());
    return request;
  }
}
