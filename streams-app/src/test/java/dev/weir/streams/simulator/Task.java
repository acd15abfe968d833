package dev.weir.streams.simulator;

/** A unit of work that commits and crashes as a whole. */
interface Task {

  /** Takes a little further what it can. */
  void step();

  /** Brings its state and output into the transaction. */
  void flush();

  /** Makes store and position of the flushed transaction permanent. */
  void commit();

  /** Loses everything since the last commit and starts anew from there. */
  void crash();

  /** Whether everything that it can know of is committed. */
  boolean isDone();
}
