package dev.weir.allinone.demo;

import io.opentelemetry.api.trace.SpanKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Plays one call of an endpoint through, down to the last database; used for one trace. */
final class TracePlanner {
  private static final Latency NETWORK = new Latency(300_000, 0.4, 0.001);
  private static final Latency HANDOVER = new Latency(700_000, 0.3, 0.001);
  private static final Latency QUEUE = new Latency(15_000_000, 0.6, 0.01);

  /** Holds a span's place in the list until its end is known. */
  private static final PlannedSpan UNFINISHED =
      new PlannedSpan("", "", SpanKind.INTERNAL, PlannedSpan.NONE, 0, 0, false, Map.of());

  private final RandomGenerator random;
  private final List<PlannedSpan> spans = new ArrayList<>();
  private final List<PlannedEdge> edges = new ArrayList<>();

  private TracePlanner(RandomGenerator random) {
    this.random = random;
  }

  /** A trace that a person's request begins. */
  static TracePlan request(Endpoint entry, RandomGenerator random) {
    TracePlanner planner = new TracePlanner(random);
    Outcome outcome = planner.run(entry, SpanKind.SERVER, PlannedSpan.NONE, 0);
    planner.edge("user", entry.service(), Edge.VIRTUAL_NODE, outcome.failed(), outcome.span());
    return planner.plan();
  }

  /** A trace that a service begins on its own. */
  static TracePlan job(Endpoint job, RandomGenerator random) {
    TracePlanner planner = new TracePlanner(random);
    planner.run(job, SpanKind.INTERNAL, PlannedSpan.NONE, 0);
    return planner.plan();
  }

  private TracePlan plan() {
    return new TracePlan(spans, edges);
  }

  private Outcome run(Endpoint endpoint, SpanKind kind, int parent, long start) {
    int span = reserve();
    long own = endpoint.own().sample(random);
    long now = start + own / 2;
    boolean failed = false;
    for (Step step : endpoint.steps()) {
      if (!failed && random.nextDouble() < step.likelihood()) {
        Outcome outcome = perform(step, endpoint.service(), span, now);
        now = outcome.endNanos();
        failed = outcome.failed() && step.essential();
      }
    }
    boolean fails = failed || chance(endpoint.failureShare());
    return finish(
        span,
        new PlannedSpan(
            endpoint.service(),
            endpoint.name(),
            kind,
            parent,
            start,
            now + own - own / 2,
            fails,
            attributes(endpoint, kind, fails)));
  }

  private Outcome perform(Step step, String service, int parent, long start) {
    if (step instanceof Step.Call call) {
      return call(call, service, parent, start);
    }
    if (step instanceof Step.Query query) {
      return query(query, service, parent, start);
    }
    if (step instanceof Step.External external) {
      return external(external, service, parent, start);
    }
    if (step instanceof Step.Publish publish) {
      return publish(publish, service, parent, start);
    }
    return work((Step.Work) step, service, parent, start);
  }

  private Outcome call(Step.Call call, String service, int parent, long start) {
    int span = reserve();
    Endpoint endpoint = call.endpoint();
    Outcome served = run(endpoint, SpanKind.SERVER, span, start + NETWORK.sample(random));
    edge(service, endpoint.service(), "", served.failed(), span, served.span());
    return finish(
        span,
        new PlannedSpan(
            service,
            endpoint.name(),
            SpanKind.CLIENT,
            parent,
            start,
            served.endNanos() + NETWORK.sample(random),
            served.failed(),
            Map.of("http.request.method", method(endpoint), "server.address", endpoint.service())));
  }

  private Outcome query(Step.Query query, String service, int parent, long start) {
    boolean failed = chance(query.failureShare());
    int span = reserve();
    edge(service, query.database().node(), Edge.DATABASE, failed, span);
    return finish(
        span,
        new PlannedSpan(
            service,
            query.name(),
            SpanKind.CLIENT,
            parent,
            start,
            start + query.latency().sample(random),
            failed,
            query.database().attributes()));
  }

  private Outcome external(Step.External external, String service, int parent, long start) {
    boolean failed = chance(external.failureShare());
    int span = reserve();
    edge(service, external.peer(), Edge.VIRTUAL_NODE, failed, span);
    return finish(
        span,
        new PlannedSpan(
            service,
            external.name(),
            SpanKind.CLIENT,
            parent,
            start,
            start + external.latency().sample(random),
            failed,
            Map.of("peer.service", external.peer())));
  }

  private Outcome publish(Step.Publish publish, String service, int parent, long start) {
    int span = reserve();
    long end = start + HANDOVER.sample(random);
    Outcome consumed = run(publish.consumer(), SpanKind.CONSUMER, span, end + QUEUE.sample(random));
    edge(
        service,
        publish.consumer().service(),
        Edge.MESSAGING_SYSTEM,
        consumed.failed(),
        span,
        consumed.span());
    return finish(
        span,
        new PlannedSpan(
            service,
            publish.destination() + " publish",
            SpanKind.PRODUCER,
            parent,
            start,
            end,
            false,
            Map.of(
                "messaging.system", "kafka", "messaging.destination.name", publish.destination())));
  }

  private Outcome work(Step.Work work, String service, int parent, long start) {
    return finish(
        reserve(),
        new PlannedSpan(
            service,
            work.name(),
            SpanKind.INTERNAL,
            parent,
            start,
            start + work.latency().sample(random),
            false,
            Map.of()));
  }

  private int reserve() {
    spans.add(UNFINISHED);
    return spans.size() - 1;
  }

  private Outcome finish(int index, PlannedSpan span) {
    spans.set(index, span);
    return new Outcome(index, span.endNanos(), span.failed());
  }

  private void edge(
      String client, String server, String connectionType, boolean failed, Integer... spans) {
    edges.add(new PlannedEdge(new Edge(client, server, connectionType), failed, List.of(spans)));
  }

  private boolean chance(double share) {
    return random.nextDouble() < share;
  }

  private static Map<String, String> attributes(Endpoint endpoint, SpanKind kind, boolean failed) {
    return kind == SpanKind.SERVER
        ? Map.of(
            "http.request.method",
            method(endpoint),
            "http.response.status_code",
            failed ? "500" : "200")
        : Map.of();
  }

  /** The first word of an HTTP endpoint's name. */
  private static String method(Endpoint endpoint) {
    return endpoint.name().substring(0, endpoint.name().indexOf(' '));
  }

  private record Outcome(int span, long endNanos, boolean failed) {}
}
