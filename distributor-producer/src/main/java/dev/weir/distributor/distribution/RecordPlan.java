package dev.weir.distributor.distribution;

import java.util.List;

/**
 * What records a request becomes, before they are encoded; so their size is known before memory is
 * taken for them.
 *
 * @param records in the order of partitions
 */
record RecordPlan(List<Planned> records) {

  /** One record: where it goes, its exact size in bytes, and how to write it. */
  interface Planned {
    int partition();

    long size();

    void write(WireBuffer out);
  }

  /** Bytes of all values. */
  long bytes() {
    return records.stream().mapToLong(Planned::size).sum();
  }

  List<SpanRecord> encode() {
    return records.stream().map(RecordPlan::encode).toList();
  }

  private static SpanRecord encode(Planned planned) {
    WireBuffer out = new WireBuffer((int) planned.size());
    planned.write(out);
    return new SpanRecord(planned.partition(), out.toByteArray());
  }
}
