package dev.weir.allinone.replay;

import dev.weir.schemas.remotewrite.v2.Metadata;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.Sample;
import dev.weir.schemas.remotewrite.v2.TimeSeries;

/** Requests of one series, for tests. */
final class Requests {
  static final double STALE = Double.longBitsToDouble(0x7FF0000000000002L);

  private Requests() {}

  static Request counter(String metric, String value, long millis, double... samples) {
    return of(Metadata.MetricType.METRIC_TYPE_COUNTER, metric, value, millis, samples);
  }

  /** The last sample is at {@code millis}, those before it a second earlier each. */
  static Request of(
      Metadata.MetricType type, String metric, String value, long millis, double... samples) {
    TimeSeries.Builder series =
        TimeSeries.newBuilder()
            .addLabelsRefs(1)
            .addLabelsRefs(2)
            .addLabelsRefs(3)
            .addLabelsRefs(4)
            .setMetadata(Metadata.newBuilder().setType(type));
    for (int i = 0; i < samples.length; i++) {
      series.addSamples(
          Sample.newBuilder()
              .setValue(samples[i])
              .setTimestamp(millis - 1000L * (samples.length - 1 - i)));
    }
    return Request.newBuilder()
        .addSymbols("")
        .addSymbols("__name__")
        .addSymbols(metric)
        .addSymbols("service")
        .addSymbols(value)
        .addTimeseries(series)
        .build();
  }
}
