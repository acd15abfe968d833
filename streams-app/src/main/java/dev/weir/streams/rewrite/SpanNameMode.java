package dev.weir.streams.rewrite;

/** What becomes of span names. */
public enum SpanNameMode {
  /** Nothing: nobody learns from them, either. */
  OFF,

  /** Templates are learned and counted, but names stay what they are. */
  DRY_RUN,

  /** Names become the templates that they fit. */
  ENABLED
}
