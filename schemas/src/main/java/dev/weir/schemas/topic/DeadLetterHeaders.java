package dev.weir.schemas.topic;

/** Headers of a record in the dead-letter topic, all UTF-8 text. */
public final class DeadLetterHeaders {
  /** Topic that the record came from. */
  public static final String TOPIC = "weir-origin-topic";

  /** Its partition there, decimal. */
  public static final String PARTITION = "weir-origin-partition";

  /** Its offset there, decimal. */
  public static final String OFFSET = "weir-origin-offset";

  /** Its time there, Unix milliseconds, decimal. */
  public static final String TIMESTAMP = "weir-origin-timestamp";

  /** What is wrong with it, for people. */
  public static final String REASON = "weir-reason";

  private DeadLetterHeaders() {}
}
