package dev.weir.streams.idlemark;

/** Tells a quiet partition that time has passed. */
@FunctionalInterface
public interface IdleMarker {

  /**
   * Appends a mark to a partition of the topic of spans, some time soon; never blocks. A mark that
   * is lost is asked for again.
   */
  void mark(int partition);
}
