package dev.weir.app.settings;

import java.util.List;

/**
 * Settings that an application must not start with; carries every problem found, not only the
 * first.
 */
public final class InvalidSettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /**
   * @param problems one sentence each, with key, value and rule
   */
  public InvalidSettingsException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** One problem. */
  public InvalidSettingsException(String problem) {
    this(List.of(problem));
  }

  /** The problems, in the order found. */
  public List<String> problems() {
    return problems;
  }
}
