package dev.weir.allinone.replay;

import java.util.Locale;

/** Where what a replay has computed goes. */
enum Output {
  /** Nowhere. */
  NONE,
  /** To the targets. */
  REMOTE_WRITE,
  /** To files of text that promtool makes blocks of. */
  OPENMETRICS;

  static Output named(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
