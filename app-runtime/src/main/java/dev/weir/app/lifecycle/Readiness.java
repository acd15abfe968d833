package dev.weir.app.lifecycle;

import java.util.List;
import java.util.stream.Stream;

/**
 * Whether a component can do its work now. Asked from HTTP threads: answers at once, without I/O.
 */
@FunctionalInterface
public interface Readiness {

  /** The state of every part, in a fixed order. */
  List<Check> checks();

  /** All parts of several components. */
  static Readiness of(List<Readiness> parts) {
    List<Readiness> copy = List.copyOf(parts);
    return () -> copy.stream().flatMap(part -> part.checks().stream()).toList();
  }

  /** A single part. */
  static Readiness of(
      String name,
      java.util.function.BooleanSupplier ready,
      java.util.function.Supplier<String> detail) {
    return () -> Stream.of(new Check(name, ready.getAsBoolean(), detail.get())).toList();
  }

  /**
   * One part.
   *
   * @param name what it is, such as {@code kafka-streams}
   * @param ready whether it can work
   * @param detail its state in a few words, such as {@code REBALANCING}
   */
  record Check(String name, boolean ready, String detail) {}
}
