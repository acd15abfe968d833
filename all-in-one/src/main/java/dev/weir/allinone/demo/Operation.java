package dev.weir.allinone.demo;

import java.util.Comparator;

/**
 * What a span is counted under, as labels of the span metrics.
 *
 * @param spanKind such as {@code SPAN_KIND_SERVER}
 * @param statusCode such as {@code STATUS_CODE_UNSET}
 */
record Operation(String service, String spanName, String spanKind, String statusCode)
    implements Comparable<Operation> {
  private static final Comparator<Operation> ORDER =
      Comparator.comparing(Operation::service)
          .thenComparing(Operation::spanName)
          .thenComparing(Operation::spanKind)
          .thenComparing(Operation::statusCode);

  @Override
  public int compareTo(Operation other) {
    return ORDER.compare(this, other);
  }
}
