package dev.weir.ingester.consumer;

import dev.weir.ingester.livetraces.CutSegment;
import java.util.concurrent.CompletableFuture;

/**
 * A cut segment on its way to the backend.
 *
 * @param segment what is written
 * @param assignment the partition's, when the segment was cut
 * @param done completes when it is durable, never exceptionally
 */
record Upload(CutSegment segment, Assignment assignment, CompletableFuture<Void> done) {
  Upload(CutSegment segment, Assignment assignment) {
    this(segment, assignment, new CompletableFuture<>());
  }
}
