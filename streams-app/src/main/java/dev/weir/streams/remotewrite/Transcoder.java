package dev.weir.streams.remotewrite;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.remotewrite.v1.Exemplar;
import dev.weir.schemas.remotewrite.v1.Histogram;
import dev.weir.schemas.remotewrite.v1.Label;
import dev.weir.schemas.remotewrite.v1.Sample;
import dev.weir.schemas.remotewrite.v1.TimeSeries;
import dev.weir.schemas.remotewrite.v1.WriteRequest;
import dev.weir.schemas.remotewrite.v2.Request;
import java.util.ArrayList;
import java.util.List;

/**
 * Remote write 2.0 to 1.0. Start timestamps are left out, since 1.0 has no place for them; metadata
 * stand once per metric family. Values keep their bits, so a staleness marker stays one.
 */
final class Transcoder {
  private Transcoder() {}

  /**
   * @param request with references that stay within its symbols
   */
  static WriteRequest toV1(Request request) {
    WriteRequest.Builder result = WriteRequest.newBuilder();
    for (dev.weir.schemas.remotewrite.v2.TimeSeries series : request.getTimeseriesList()) {
      result.addTimeseries(toV1(series, request.getSymbolsList()));
    }
    return result.addAllMetadata(Families.of(request)).build();
  }

  private static TimeSeries toV1(
      dev.weir.schemas.remotewrite.v2.TimeSeries series, List<String> symbols) {
    TimeSeries.Builder result =
        TimeSeries.newBuilder().addAllLabels(labels(series.getLabelsRefsList(), symbols));
    series.getSamplesList().forEach(sample -> result.addSamples(toV1(sample)));
    series.getExemplarsList().forEach(exemplar -> result.addExemplars(toV1(exemplar, symbols)));
    series.getHistogramsList().forEach(histogram -> result.addHistograms(toV1(histogram)));
    return result.build();
  }

  private static List<Label> labels(List<Integer> refs, List<String> symbols) {
    List<Label> labels = new ArrayList<>(refs.size() / 2);
    for (int i = 0; i < refs.size(); i += 2) {
      labels.add(
          Label.newBuilder()
              .setName(symbols.get(refs.get(i)))
              .setValue(symbols.get(refs.get(i + 1)))
              .build());
    }
    return labels;
  }

  private static Sample toV1(dev.weir.schemas.remotewrite.v2.Sample sample) {
    return Sample.newBuilder()
        .setValue(sample.getValue())
        .setTimestamp(sample.getTimestamp())
        .build();
  }

  private static Exemplar toV1(
      dev.weir.schemas.remotewrite.v2.Exemplar exemplar, List<String> symbols) {
    return Exemplar.newBuilder()
        .addAllLabels(labels(exemplar.getLabelsRefsList(), symbols))
        .setValue(exemplar.getValue())
        .setTimestamp(exemplar.getTimestamp())
        .build();
  }

  /** Both versions number the fields alike, so the bytes of one are the bytes of the other. */
  private static Histogram toV1(dev.weir.schemas.remotewrite.v2.Histogram histogram) {
    try {
      return Histogram.parseFrom(
          histogram.toBuilder().clearStartTimestamp().build().toByteString());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a 2.0 histogram is not a 1.0 histogram", e);
    }
  }
}
