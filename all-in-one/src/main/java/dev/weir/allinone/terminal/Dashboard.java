package dev.weir.allinone.terminal;

import dev.weir.allinone.receiver.SeriesStore;
import java.time.Duration;
import java.time.ZoneId;

/** The demo's picture of the system: a table on a screen, a line now and then elsewhere. */
public final class Dashboard {
  private static final Duration REPAINT = Duration.ofSeconds(1);
  private static final Duration NEXT_LINE = Duration.ofSeconds(5);

  private final Terminal terminal;
  private final SeriesStore store;
  private final Tables tables = new Tables(ZoneId.systemDefault());
  private boolean introduced;

  /** Shows what {@code store} has. */
  public Dashboard(Terminal terminal, SeriesStore store) {
    this.terminal = terminal;
    this.store = store;
  }

  /** How often it wants to be shown. */
  public Duration interval() {
    return terminal.isScreen() ? REPAINT : NEXT_LINE;
  }

  /** Shows the present state. */
  public void show(Status status) {
    Rates rates = Rates.of(store.all());
    if (terminal.isScreen()) {
      terminal.paint(tables.screen(status, rates, terminal.rows()));
      return;
    }
    if (!introduced) {
      introduced = true;
      tables.footer(status).forEach(terminal::step);
    }
    terminal.step(tables.line(status, rates));
  }

  /** Leaves the last picture where it is. */
  public void leave() {
    if (terminal.isScreen()) {
      terminal.step("");
    }
  }
}
