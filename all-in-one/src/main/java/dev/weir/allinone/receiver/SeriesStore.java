package dev.weir.allinone.receiver;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The series that were received, in memory for as long as the process lives. Thread-safe. */
public final class SeriesStore {
  private final Map<Labels, Series> byLabels = new ConcurrentHashMap<>();
  private final AtomicLong contradictions = new AtomicLong();

  /** Takes samples in; of one series they must come in the order of time. */
  public void accept(Collection<ReceivedSample> samples) {
    samples.forEach(this::accept);
  }

  /** Every series, in no order. */
  public List<Series> all() {
    return List.copyOf(byLabels.values());
  }

  /** One series. */
  public Optional<Series> find(Labels labels) {
    return Optional.ofNullable(byLabels.get(labels));
  }

  /** How many samples gave another value to a time that had one; 0 unless the sender errs. */
  public long contradictions() {
    return contradictions.get();
  }

  private void accept(ReceivedSample sample) {
    byLabels.compute(
        sample.labels(),
        (labels, known) -> known == null ? begin(sample) : continued(known, sample));
  }

  @SuppressWarnings("NullAway") // no mapping is what compute takes null for
  private static Series begin(ReceivedSample sample) {
    return sample.isStalenessMarker() ? null : Series.beginning(sample);
  }

  private Series continued(Series known, ReceivedSample sample) {
    if (known.contradicts(sample)) {
      contradictions.incrementAndGet();
    }
    return known.with(sample);
  }
}
