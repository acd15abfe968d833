/**
 * The sender: takes samples from the outbox topic to Prometheus remote-write targets, each at its
 * own pace and in order. It knows nothing of spans and of the topology that fills the outbox.
 */
@NullMarked
package dev.weir.streams.remotewrite;

import org.jspecify.annotations.NullMarked;
