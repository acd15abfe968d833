package dev.weir.distributor.publisher;

/** Is told what becomes of records, for metrics. Implementations are thread-safe. */
public interface PublisherObserver {

  /** A record is stored. */
  void produced();

  /** A record is not stored, or that is not known. */
  void failed(ProduceFailure failure);
}
