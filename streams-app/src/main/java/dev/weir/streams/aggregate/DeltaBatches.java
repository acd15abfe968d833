package dev.weir.streams.aggregate;

import dev.weir.schemas.delta.DeltaBatchWriter;
import java.util.Arrays;

/** The deltas of one source on their way to the shards. Not thread-safe. */
final class DeltaBatches {
  /**
   * A batch is sent on before the commit when it gets this large, well below what a broker accepts
   * as a record.
   */
  private static final int LARGE_BATCH_BYTES = 256 * 1024;

  private final int source;
  private final AggregateOutput output;
  private final DeltaBatchWriter[] batches;
  private int sources;

  /**
   * @param source the number under which the shards know this source
   * @param sources how many there are
   */
  DeltaBatches(int shards, int source, int sources, AggregateOutput output) {
    this.source = source;
    this.sources = sources;
    this.output = output;
    this.batches = new DeltaBatchWriter[shards];
    Arrays.setAll(batches, shard -> new DeltaBatchWriter());
  }

  /** There are that many sources from here on. */
  void sources(int count) {
    sources = count;
  }

  /**
   * Takes the amounts of tenants.
   *
   * @param window which they belong to
   * @param announcedOpenFrom the first open window, as the shards know it
   */
  void drain(Tenants tenants, long window, long announcedOpenFrom) {
    for (TenantAggregate tenant : tenants.all()) {
      for (TenantProcessors processors : tenant.all()) {
        if (processors.isTouched()) {
          byte[] id = tenant.tenant();
          processors.drain(
              (shard, group, flags, labels, offset, length) ->
                  batch(shard, announcedOpenFrom)
                      .labelSet(window, id, group, flags, labels, offset, length));
        }
      }
    }
  }

  private DeltaBatchWriter batch(int shard, long announcedOpenFrom) {
    if (batches[shard].size() > LARGE_BATCH_BYTES) {
      output.deltas(shard, batches[shard].finish(source, sources, announcedOpenFrom));
    }
    return batches[shard];
  }

  /**
   * Sends everything.
   *
   * @param announce whether shards for which there is nothing are told of completeness, too
   */
  void send(long openFrom, boolean announce) {
    for (int shard = 0; shard < batches.length; shard++) {
      if (announce || !batches[shard].isEmpty()) {
        output.deltas(shard, batches[shard].finish(source, sources, openFrom));
      }
    }
  }
}
