package dev.weir.distributor.distribution;

/** A request that ends early; has no stack trace, being an answer and not an accident. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Outcome.Refusal refusal;

  public RefusedException(Outcome.Refusal refusal) {
    super(refusal.message(), null, false, false);
    this.refusal = refusal;
  }

  /** What to answer. */
  public Outcome.Refusal refusal() {
    return refusal;
  }
}
