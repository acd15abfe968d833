package dev.weir.allinone.demo;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;

/** Enters into the books how each export ended. */
final class BookkeepingExporter implements SpanExporter {
  private final SpanExporter exporter;
  private final Books books;

  BookkeepingExporter(SpanExporter exporter, Books books) {
    this.exporter = exporter;
    this.books = books;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    // the caller empties its collection when it stops waiting
    List<SpanData> copy = List.copyOf(spans);
    CompletableResultCode result = exporter.export(spans);
    return result.whenComplete(() -> enter(copy, result));
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }

  private void enter(List<SpanData> spans, CompletableResultCode result) {
    if (result.isSuccess()) {
      books.acknowledge(spans);
    } else {
      Throwable cause = result.getFailureThrowable();
      books.fail(spans, cause == null ? "no reason given" : cause.toString());
    }
  }
}
