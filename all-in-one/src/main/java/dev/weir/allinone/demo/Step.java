package dev.weir.allinone.demo;

/** One thing that an endpoint does on its way. */
sealed interface Step {

  /** Share of the endpoint's calls in which it is done, 0 to 1. */
  double likelihood();

  /** Whether the endpoint fails when this fails. */
  boolean essential();

  /** Calls another service over HTTP and waits. */
  record Call(Endpoint endpoint, double likelihood, boolean essential) implements Step {}

  /** Asks a database and waits. */
  record Query(Database database, String name, Latency latency, double failureShare)
      implements Step {
    @Override
    public double likelihood() {
      return 1;
    }

    @Override
    public boolean essential() {
      return true;
    }
  }

  /** Asks somebody outside who sends no spans, and waits. */
  record External(String peer, String name, Latency latency, double failureShare) implements Step {
    @Override
    public double likelihood() {
      return 1;
    }

    @Override
    public boolean essential() {
      return true;
    }
  }

  /** Puts a message into a queue and goes on; the consumer works on it later. */
  record Publish(String destination, Endpoint consumer) implements Step {
    @Override
    public double likelihood() {
      return 1;
    }

    @Override
    public boolean essential() {
      return false;
    }
  }

  /** Works on its own, in a span of its own. */
  record Work(String name, Latency latency) implements Step {
    @Override
    public double likelihood() {
      return 1;
    }

    @Override
    public boolean essential() {
      return false;
    }
  }
}
