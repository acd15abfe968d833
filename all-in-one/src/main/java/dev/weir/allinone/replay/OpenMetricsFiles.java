package dev.weir.allinone.replay;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.Sample;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes an outbox as OpenMetrics text for {@code promtool tsdb create-blocks-from openmetrics}:
 * one file per tenant, {@code <tenant>.openmetrics}, each series in the order of its samples. The
 * text has no word for the end of a series, so staleness markers are left out, and none for native
 * histograms. Not thread-safe.
 */
final class OpenMetricsFiles implements OutboxReader.Visitor, AutoCloseable {
  private static final String UNFINISHED = ".part";

  private final Path directory;
  private final Map<Path, Writer> writers = new TreeMap<>();
  private long samples;
  private long leftOut;

  /**
   * @param directory made if missing; files of the same name are replaced
   */
  OpenMetricsFiles(Path directory) {
    this.directory = directory;
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void record(int shard, String tenant, byte[] key, byte[] request) {
    try {
      Writer writer = writerOf(tenant);
      Request parsed = Request.parseFrom(request);
      for (TimeSeries series : parsed.getTimeseriesList()) {
        write(writer, SeriesText.of(parsed, series), series);
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the outbox holds a record that is no request", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(Writer writer, String name, TimeSeries series) throws IOException {
    leftOut += series.getHistogramsCount();
    for (Sample sample : series.getSamplesList()) {
      if (!Double.isNaN(sample.getValue())) {
        writer.write(line(name, sample));
        samples++;
      }
    }
  }

  /** Times are seconds there; three digits keep the millisecond. */
  static String line(String series, Sample sample) {
    long millis = sample.getTimestamp();
    return "%s %s %d.%03d\n"
        .formatted(
            series,
            number(sample.getValue()),
            Math.floorDiv(millis, 1000L),
            Math.floorMod(millis, 1000L));
  }

  private static String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private Writer writerOf(String tenant) throws IOException {
    Path file =
        directory.resolve(URLEncoder.encode(tenant, StandardCharsets.UTF_8) + ".openmetrics");
    Writer writer = writers.get(file);
    if (writer == null) {
      writer = Files.newBufferedWriter(file.resolveSibling(file.getFileName() + UNFINISHED));
      writers.put(file, writer);
    }
    return writer;
  }

  /** Samples written. */
  long samples() {
    return samples;
  }

  /** Samples of native histograms, which the text has no word for. */
  long leftOut() {
    return leftOut;
  }

  /** Ends all files and gives them their names. */
  void finish() {
    try {
      for (Map.Entry<Path, Writer> file : writers.entrySet()) {
        file.getValue().write("# EOF\n");
        file.getValue().close();
        Path path = file.getKey();
        Files.move(
            path.resolveSibling(path.getFileName() + UNFINISHED),
            path,
            StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      for (Writer writer : writers.values()) {
        writer.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
