package dev.weir.allinone.terminal;

import java.io.PrintStream;
import java.util.List;

/**
 * Where people read what happens: a screen that can be painted again, or a plain stream of lines.
 */
public final class Terminal {
  private static final String CLEAR = "\u001b[2J";
  private static final String HOME = "\u001b[H";
  private static final String CLEAR_TO_END_OF_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";

  private final PrintStream out;
  private final PrintStream err;
  private final int rows;
  private boolean painted;

  private Terminal(PrintStream out, PrintStream err, int rows) {
    this.out = out;
    this.err = err;
    this.rows = rows;
  }

  /** A screen of so many rows. */
  public static Terminal screen(PrintStream out, PrintStream err, int rows) {
    return new Terminal(out, err, rows);
  }

  /** A file or pipe. */
  public static Terminal plain(PrintStream out, PrintStream err) {
    return new Terminal(out, err, 0);
  }

  /** Whether it can be painted again. */
  public boolean isScreen() {
    return rows > 0;
  }

  /** How many rows a screen has; 0 for a plain stream. */
  public int rows() {
    return rows;
  }

  /** Says what happens now. */
  public void step(String line) {
    out.println(line);
    out.flush();
  }

  /** Says what went wrong. */
  public void error(String line) {
    err.println("weir: " + line);
    err.flush();
  }

  /** Paints over what was there; lines that are too wide are cut by the screen. */
  void paint(List<String> lines) {
    StringBuilder screen = new StringBuilder(painted ? HOME : CLEAR + HOME).append(NO_WRAP);
    painted = true;
    for (int i = 0; i < Math.min(lines.size(), rows - 1); i++) {
      screen.append(lines.get(i)).append(CLEAR_TO_END_OF_LINE).append('\n');
    }
    out.print(screen.append(WRAP).append(CLEAR_BELOW));
    out.flush();
  }
}
