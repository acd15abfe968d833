package dev.weir.streams.hostinfo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.otlp.AnyValueText;
import dev.weir.schemas.otlp.AttributeKeys;
import dev.weir.schemas.otlp.AttributeVisitor;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.streams.series.DeltaSink;
import dev.weir.streams.series.LabelsWriter;
import dev.weir.streams.series.SeriesSettings;
import dev.weir.streams.series.SeriesTable;
import java.util.Arrays;

/**
 * Tells the hosts of one tenant, as Tempo's host-info processor does: a gauge for each, as long as
 * resources name it, whatever becomes of their spans. The resources of a record are staged first
 * and count only when the record was read to its end. Not thread-safe.
 */
public final class HostInfo {
  private static final byte[] ID = "grafana_host_id".getBytes(US_ASCII);
  private static final byte[] SOURCE = "host_source".getBytes(US_ASCII);

  private final SeriesTable table;
  private final LabelsWriter labels;
  private final AttributeKeys identifiers;
  private final byte[][] sources;
  private final AnyValueText text = new AnyValueText();
  private final ByteWriter id = new ByteWriter(64);
  private final ByteWriter key = new ByteWriter(64);
  private final AttributeVisitor looking = this::look; // made once, so that none is per resource
  private int source;

  private int[] stagedEntries = new int[16];
  private int staged;
  private long invalid;

  /**
   * @param shards how many shards label sets are spread over
   * @param labels writes label sets
   */
  public HostInfo(byte[] tenant, HostInfoSettings settings, int shards, LabelsWriter labels) {
    this.table = new SeriesTable(tenant, MetricGroup.HOST_INFO, SeriesSettings.DEFAULT, 1, shards);
    this.labels = labels;
    this.identifiers = new AttributeKeys(settings.identifiers());
    this.sources =
        settings.identifiers().stream().map(name -> name.getBytes(UTF_8)).toArray(byte[][]::new);
  }

  /** Stages a resource, if it names its host. */
  public void resource(ResourceView resource) throws MalformedOtlpException {
    source = sources.length;
    resource.forEachAttribute(looking);
    if (source == sources.length) {
      return;
    }
    key.truncate(0).uvarint(source).raw(id.bytes(), 0, id.length());
    int entry = table.find(key.bytes(), 0, key.length());
    if (entry < 0) {
      labels.begin().label(ID, id.bytes(), 0, id.length()).label(SOURCE, sources[source]);
      entry = table.insert(key.bytes(), 0, key.length(), labels);
    }
    if (staged == stagedEntries.length) {
      stagedEntries = Arrays.copyOf(stagedEntries, staged * 2);
    }
    stagedEntries[staged++] = entry;
  }

  /** Of the most preferred identifier the first text that is not empty counts. */
  private void look(byte[] buffer, int keyOffset, int keyLength, int valueOffset, int valueLength)
      throws MalformedOtlpException {
    int identifier = identifiers.indexOf(buffer, keyOffset, keyLength);
    if (identifier < 0 || identifier >= source) {
      return;
    }
    text.render(buffer, valueOffset, valueLength);
    if (text.isString() && text.length() > 0) {
      source = identifier;
      id.truncate(0).raw(text.buffer(), text.offset(), text.length());
    }
  }

  /** Counts what was staged. */
  public void apply() {
    for (int i = 0; i < staged; i++) {
      if (table.isWellFormed(stagedEntries[i])) {
        table.count(stagedEntries[i]);
      } else {
        invalid++;
      }
    }
    discard();
  }

  /** Forgets what was staged. */
  public void discard() {
    staged = 0;
  }

  /** Whether anything was counted since the last drain. */
  public boolean isTouched() {
    return table.isTouched();
  }

  /** Hands over all amounts since the last drain. */
  public void drain(DeltaSink sink) {
    table.drain(sink);
  }

  /** Forgets all keys if they take more than {@code maxBytes}; to be called right after a drain. */
  public void forgetIfLargerThan(int maxBytes) {
    table.forgetIfLargerThan(maxBytes);
  }

  /**
   * Resources that were not counted since the last call, because their host's name is not UTF-8.
   */
  public long takeInvalid() {
    long taken = invalid;
    invalid = 0;
    return taken;
  }
}
