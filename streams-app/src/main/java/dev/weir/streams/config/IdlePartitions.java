package dev.weir.streams.config;

/** How time passes in partitions of spans without records. */
public enum IdlePartitions {
  /** Their owners append marks, for which the topic must be writable. */
  MARKED,

  /** Their owners find out that they have read everything, and log it as a decision. */
  DECIDED,

  /** The decisions that were logged are made again. */
  REPLAYED
}
