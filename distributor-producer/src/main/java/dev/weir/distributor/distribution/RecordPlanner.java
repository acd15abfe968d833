package dev.weir.distributor.distribution;

import dev.weir.distributor.distribution.RecordPlan.Planned;
import dev.weir.distributor.validation.SpanFault;
import dev.weir.distributor.validation.SpanIds;
import dev.weir.schemas.topic.SpanCodec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** Decides which spans share a record. Thread-safe. */
final class RecordPlanner {
  /** Fields of Tempo's PushBytesRequest. */
  private static final int TRACES = 2;

  private static final int IDS = 3;

  private static final int SIZE_OF_ID = 2 + SpanIds.TRACE_ID_BYTES;
  private static final int MAX_HEADER = 6;

  private final SpanCodec codec;
  private final int maxRecordBytes;

  /**
   * @param maxRecordBytes most that the value of a record may have
   */
  RecordPlanner(SpanCodec codec, int maxRecordBytes) {
    this.codec = codec;
    this.maxRecordBytes = maxRecordBytes;
  }

  /** Spans that alone are too large for a record are added to the request's rejections. */
  RecordPlan plan(ScannedRequest request, byte[] tenant, int partitions) {
    SpanTable table = request.table();
    int[] partition = SpanOrder.partitions(table, tenant, partitions);
    int[] asTheyCame = IntStream.range(0, table.count()).toArray();
    return switch (codec) {
      case OTLP -> {
        int[] order = SpanOrder.sort(asTheyCame, partition, partitions);
        List<Run> runs = runs(request, order, partition, partition, maxRecordBytes);
        yield new RecordPlan(List.copyOf(runs));
      }
      case PUSH_BYTES -> {
        int[] trace = SpanOrder.traces(table);
        int[] byTrace = SpanOrder.sort(asTheyCame, trace, table.count());
        int[] order = SpanOrder.sort(byTrace, partition, partitions);
        int forTraces = maxRecordBytes - SIZE_OF_ID - MAX_HEADER;
        yield new RecordPlan(packed(runs(request, order, partition, trace, forTraces)));
      }
    };
  }

  /** Cuts {@code order} where the group changes, and where a run would become too large. */
  private static List<Run> runs(
      ScannedRequest request, int[] order, int[] partition, int[] group, int maxBytes) {
    TracesEncoder encoder = new TracesEncoder(request.table(), order);
    List<Run> runs = new ArrayList<>();
    int start = 0;
    long bytes = 0;
    for (int i = 0; i < order.length; i++) {
      boolean begins = i == start || group[order[i]] != group[order[i - 1]];
      if (begins || bytes + encoder.bound(i, false) > maxBytes) {
        addRun(runs, encoder, order, partition, start, i);
        start = i;
        bytes = encoder.bound(i, true);
      } else {
        bytes += encoder.bound(i, false);
      }
      if (bytes > maxBytes) { // it is alone
        reject(request, order[i], bytes);
        start = i + 1;
      }
    }
    addRun(runs, encoder, order, partition, start, order.length);
    return runs;
  }

  private static void addRun(
      List<Run> runs, TracesEncoder encoder, int[] order, int[] partition, int from, int to) {
    if (from < to) {
      runs.add(new Run(encoder, from, to, partition[order[from]], encoder.size(from, to)));
    }
  }

  private static void reject(ScannedRequest request, int span, long bytes) {
    SpanTable table = request.table();
    int id = table.traceId(span);
    String trace = HexFormat.of().formatHex(table.body, id, id + SpanIds.TRACE_ID_BYTES);
    request.rejections().add(SpanFault.TOO_LARGE, "of trace " + trace, bytes);
  }

  /** Fills records one after the other. */
  private List<Planned> packed(List<Run> runs) {
    List<Planned> records = new ArrayList<>();
    int start = 0;
    long bytes = 0;
    for (int i = 0; i < runs.size(); i++) {
      long entry = WireBuffer.sizeOfField(runs.get(i).size()) + SIZE_OF_ID;
      boolean elsewhere = i > 0 && runs.get(i).partition() != runs.get(i - 1).partition();
      if (elsewhere || bytes + entry > maxRecordBytes) {
        records.add(new Pack(List.copyOf(runs.subList(start, i)), bytes));
        start = i;
        bytes = 0;
      }
      bytes += entry;
    }
    if (start < runs.size()) {
      records.add(new Pack(List.copyOf(runs.subList(start, runs.size())), bytes));
    }
    return records;
  }

  /** Spans that stand together in {@code order}, as one TracesData. */
  private record Run(TracesEncoder encoder, int from, int to, int partition, long size)
      implements Planned {

    @Override
    public void write(WireBuffer out) {
      encoder.write(from, to, out);
    }
  }

  /** Runs of one trace each, as one PushBytesRequest. */
  private record Pack(List<Run> runs, long size) implements Planned {

    @Override
    public int partition() {
      return runs.get(0).partition();
    }

    @Override
    public void write(WireBuffer out) {
      for (Run run : runs) {
        out.putFieldHeader(TRACES, (int) run.size());
        run.write(out);
      }
      for (Run run : runs) {
        out.putFieldHeader(IDS, SpanIds.TRACE_ID_BYTES);
        run.encoder().writeTraceId(run.from(), out);
      }
    }
  }
}
