package dev.weir.streams.remotewrite;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Why a sample was not taken. */
enum Refusal {
  TOO_OLD("too_old", "too[ -]old"),
  OUT_OF_BOUNDS("out_of_bounds", "out[ -]of[ -]bounds"),
  OUT_OF_ORDER("out_of_order", "out[ -]of[ -]order"),
  DUPLICATE("duplicate", "duplicate[ -](sample|timestamp)"),
  /** The receiver said yes, but stored fewer than it got. */
  UNWRITTEN("unwritten", Refusal.NO_WORDS),
  /** The receiver refuses it for anything else. */
  INVALID("invalid", Refusal.NO_WORDS),
  /** The target's relabelling rules give it the labels of another. */
  AMBIGUOUS("ambiguous", Refusal.NO_WORDS),
  /** The record of the outbox is not a request that could be sent. */
  MALFORMED("malformed", Refusal.NO_WORDS);

  private static final String NO_WORDS = "(?!)";

  private final String tag;
  private final Pattern words;

  /**
   * @param words how receivers put it
   */
  Refusal(String tag, String words) {
    this.tag = tag;
    this.words = Pattern.compile(words, Pattern.CASE_INSENSITIVE);
  }

  /** Value of the metric's tag. */
  String tag() {
    return tag;
  }

  /** Whether it is what a target says of a sample that it has already. */
  boolean isOfRepetition() {
    return this == OUT_OF_ORDER || this == DUPLICATE;
  }

  /** What a line says of a sample's place in time; empty if it says anything else. */
  static Optional<Refusal> inLine(String line) {
    return Arrays.stream(values())
        .filter(refusal -> refusal.words.matcher(line).find())
        .findFirst();
  }
}
