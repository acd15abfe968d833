package dev.weir.allinone.receiver;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.remotewrite.v1.Label;
import dev.weir.schemas.remotewrite.v1.WriteRequest;
import dev.weir.schemas.remotewrite.v2.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the samples of remote-write requests; native histograms and exemplars are passed over. */
public final class RemoteWriteRequests {
  private RemoteWriteRequests() {}

  /**
   * Reads a request of version 1.0.
   *
   * @param request protobuf, uncompressed
   * @throws InvalidProtocolBufferException if it is not one
   */
  public static List<ReceivedSample> version1(byte[] request)
      throws InvalidProtocolBufferException {
    List<ReceivedSample> samples = new ArrayList<>();
    for (var series : WriteRequest.parseFrom(request).getTimeseriesList()) {
      Labels labels = labels(series.getLabelsList());
      series
          .getSamplesList()
          .forEach(
              sample ->
                  samples.add(
                      new ReceivedSample(labels, sample.getValue(), sample.getTimestamp())));
    }
    return samples;
  }

  /**
   * Reads a request of version 2.0.
   *
   * @param request protobuf, uncompressed
   * @throws InvalidProtocolBufferException if it is not one, or refers to symbols it does not have
   */
  public static List<ReceivedSample> version2(byte[] request)
      throws InvalidProtocolBufferException {
    Request parsed = Request.parseFrom(request);
    List<ReceivedSample> samples = new ArrayList<>();
    for (var series : parsed.getTimeseriesList()) {
      Labels labels = labels(series.getLabelsRefsList(), parsed.getSymbolsList());
      series
          .getSamplesList()
          .forEach(
              sample ->
                  samples.add(
                      new ReceivedSample(labels, sample.getValue(), sample.getTimestamp())));
    }
    return samples;
  }

  private static Labels labels(List<Label> labels) {
    Map<String, String> byName = new HashMap<>();
    labels.forEach(label -> byName.put(label.getName(), label.getValue()));
    return new Labels(byName);
  }

  private static Labels labels(List<Integer> references, List<String> symbols)
      throws InvalidProtocolBufferException {
    if (references.size() % 2 != 0) {
      throw new InvalidProtocolBufferException("a label without a value");
    }
    Map<String, String> byName = new HashMap<>();
    for (int i = 0; i < references.size(); i += 2) {
      byName.put(symbol(symbols, references.get(i)), symbol(symbols, references.get(i + 1)));
    }
    return new Labels(byName);
  }

  private static String symbol(List<String> symbols, int reference)
      throws InvalidProtocolBufferException {
    if (reference < 0 || reference >= symbols.size()) {
      throw new InvalidProtocolBufferException(
          "symbol %d of %d".formatted(reference, symbols.size()));
    }
    return symbols.get(reference);
  }
}
