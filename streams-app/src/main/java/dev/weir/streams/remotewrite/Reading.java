package dev.weir.streams.remotewrite;

/** What a shard wants of its consumer next. */
sealed interface Reading {
  /** The records that follow. */
  record On() implements Reading {}

  /** Nothing for now: enough is in memory. */
  record Pause() implements Reading {}

  /** Records from this offset on, earlier or later than those that would follow. */
  record From(long offset) implements Reading {}
}
