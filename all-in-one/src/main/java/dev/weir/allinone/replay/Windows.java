package dev.weir.allinone.replay;

import dev.weir.allinone.replay.Growth.Increment;
import java.util.Map;
import java.util.Optional;

/** The windows of an outbox's shard in order, each once. */
interface Windows {

  /**
   * One window.
   *
   * @param endMillis its end, Unix milliseconds
   * @param growth what grew in it, by tenant and series
   * @param isWhole whether a later one follows, so that nothing of it can be missing
   */
  record Window(long endMillis, Map<String, Increment> growth, boolean isWhole) {
    public Window {
      growth = Map.copyOf(growth);
    }
  }

  /** The next one, if there is one now. */
  Optional<Window> next();
}
