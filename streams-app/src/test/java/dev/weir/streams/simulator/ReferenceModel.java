package dev.weir.streams.simulator;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.key.TracePartition;
import dev.weir.streams.filter.FilterPolicy;
import dev.weir.streams.filter.FilterPolicy.Rule;
import dev.weir.streams.simulator.PlainOtlp.PlainSpan;
import dev.weir.streams.simulator.SpanLog.LogRecord;
import dev.weir.streams.spanmetrics.DimensionMapping;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What must come out of a log, computed the slow and obvious way: partition by partition, record by
 * record, with maps, strings and big integers, and with none of the classes under test.
 */
final class ReferenceModel {
  private static final BigInteger ONE = BigInteger.ONE;
  private static final long STALE = 0x7FF0000000000002L;
  private static final List<String> KINDS =
      List.of(
          "SPAN_KIND_UNSPECIFIED",
          "SPAN_KIND_INTERNAL",
          "SPAN_KIND_SERVER",
          "SPAN_KIND_CLIENT",
          "SPAN_KIND_PRODUCER",
          "SPAN_KIND_CONSUMER");
  private static final List<String> STATUS_CODES =
      List.of("STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR");
  private static final List<String> TARGET_KEYS =
      List.of("service.name", "service.namespace", "service.instance.id");
  private static final List<String> DATABASE_ATTRIBUTES =
      List.of("db.namespace", "db.name", "db.system", "db.system.name");

  /** A label set of a tenant without metric name, for metrics that come and end together. */
  private record LabelSet(String tenant, String group, SortedMap<String, String> labels) {
    LabelSet in(String other) {
      return new LabelSet(tenant, other, labels);
    }
  }

  /** A metric of a label set; {@code le} is empty but for buckets. */
  private record Metric(String name, String le) implements Comparable<Metric> {
    @Override
    public int compareTo(Metric other) {
      return (name + ' ' + le).compareTo(other.name + ' ' + other.le);
    }

    boolean isGauge() {
      return name.endsWith("_info") || name.equals("hosts");
    }

    String type() {
      return "METRIC_TYPE_"
          + (isGauge() ? "GAUGE" : name.endsWith("_total") ? "COUNTER" : "HISTOGRAM");
    }
  }

  /** One side of a call that may meet another. */
  private static final class Half {
    private final String tenant;
    private final PlainSpan span;
    private final String peer;
    private final Map.Entry<ByteString, ByteString> key;
    private final boolean isLink;
    private final boolean isDatabase;
    private final boolean isRejected;
    private final long expiryMillis;
    private boolean isAnswered;
    private boolean isCounterpartRejected;

    Half(Arrival arrival, String peer, boolean isDatabase, boolean isRejected, long expiryMillis) {
      this.tenant = arrival.tenant();
      this.span = arrival.span();
      this.peer = peer;
      this.isLink = arrival.link().isPresent();
      this.isDatabase = isDatabase;
      this.isRejected = isRejected;
      this.expiryMillis = expiryMillis;
      this.key =
          arrival
              .link()
              .orElse(Map.entry(span.traceId(), isClientSide() ? span.spanId() : parent(span)));
    }

    boolean isClientSide() {
      return span.kind() == 3 || span.kind() == 4;
    }

    /** Whether it waits for its other half, and does not only answer for others. */
    boolean waits() {
      return !isAnswered && !isRejected;
    }

    boolean isRoot() {
      return !isClientSide() && !isLink && parent(span).isEmpty();
    }

    String service() {
      return span.service().orElseThrow();
    }

    static ByteString parent(PlainSpan span) {
      return isZero(span.parentId()) ? ByteString.EMPTY : span.parentId();
    }

    boolean isPair(Half half) {
      return isClientSide() != half.isClientSide()
          && tenant.equals(half.tenant)
          && key.equals(half.key);
    }

    boolean meets(Half half) {
      return isPair(half)
          && takesPart()
          && half.takesPart()
          && !(isLink && half.span.kind() != 4)
          && !(half.isLink && span.kind() != 4);
    }

    boolean takesPart() {
      return !isRejected && !service().isEmpty();
    }

    boolean isSame(Half half) {
      return isClientSide()
          && half.isClientSide()
          && takesPart()
          && tenant.equals(half.tenant)
          && key.equals(half.key);
    }

    private static boolean isZero(ByteString id) {
      return id.equals(ByteString.copyFrom(new byte[id.size()]));
    }
  }

  /** A side of a call that comes at a time of its source partition, to be paired later. */
  private record Arrival(
      long millis,
      String tenant,
      PlainSpan span,
      Optional<Map.Entry<ByteString, ByteString>> link) {
    Arrival at(long otherMillis) {
      return new Arrival(otherMillis, tenant, span, link);
    }
  }

  private final Scenario scenario;
  private final long windowMillis;
  private final Map<LabelSet, SortedMap<Long, SortedMap<Metric, BigInteger>>> growth =
      new HashMap<>();
  private final Books books = new Books();
  private final Map<Samples.Id, Samples.Value> samples = new HashMap<>();
  private long completeTo = Long.MAX_VALUE;
  private int waiting;

  private final List<Arrival> arrivals = new ArrayList<>();
  private List<Half> halves = new ArrayList<>();
  private long now;
  private List<Long> doubted = new ArrayList<>();
  private long grownAt;

  ReferenceModel(Scenario scenario) {
    this.scenario = scenario;
    this.windowMillis = scenario.window().toMillis();
    long completeMillis = Long.MAX_VALUE;
    for (List<LogRecord> partition : scenario.log().partitions()) {
      halves = new ArrayList<>();
      now = 0;
      doubted = new ArrayList<>();
      grownAt = 0;
      partition.forEach(this::process);
      completeTo = Math.min(completeTo, openFrom());
      completeMillis = Math.min(completeMillis, now);
      waiting += (int) halves.stream().filter(Half::waits).count();
    }
    if (!scenario.pairing().routedByTrace()) {
      pairApart(completeMillis);
    }
    growth.forEach(this::emit);
  }

  /**
   * By time, and by partition and position in it if the times are equal. With several tasks each
   * has traces of its own, which do not meet anyway, but for the room that they have.
   */
  private void pairApart(long completeMillis) {
    halves = new ArrayList<>();
    arrivals.sort(Comparator.comparingLong(Arrival::millis));
    for (Arrival arrival : arrivals) {
      now = arrival.millis();
      expire(0);
      arrive(arrival, now / windowMillis);
    }
    now = completeMillis;
    expire(0);
    completeTo = Math.min(completeTo, now / windowMillis);
    waiting += (int) halves.stream().filter(Half::waits).count();
  }

  Map<Samples.Id, Samples.Value> samples() {
    return samples;
  }

  Books books() {
    return books;
  }

  int waiting() {
    return waiting;
  }

  private long openFrom() {
    return (now - scenario.time().bound().toMillis()) / windowMillis;
  }

  private void process(LogRecord record) {
    Optional<List<PlainSpan>> spans = spans(record);
    long window = Math.max(1, record.timestampMillis() / windowMillis);
    boolean isLate = record.timestampMillis() / windowMillis < openFrom();
    boolean isFirst = now == 0;
    boolean isAhead = !isBelieved(record) && now > 0;
    if (isAhead) {
      window = Math.max(1, now / windowMillis);
    } else if (isLate) {
      window = openFrom();
    }
    if (isFirst) {
      arrivals.replaceAll(arrival -> arrival.millis() == 0 ? arrival.at(now) : arrival);
    }
    expire(isFirst ? openFrom() : 0);
    grownAt = record.growsTo() > 0 ? record.timestampMillis() : grownAt;
    if (spans.isPresent()) {
      count(record, spans.get(), window);
      books.add(record.tenant(), "late", isLate && !isAhead ? spans.get().size() : 0);
      books.add(record.tenant(), "ahead", isAhead ? spans.get().size() : 0);
    }
  }

  /** Whether its time is taken for true; then it, or what 32 agree on, is the partition's. */
  private boolean isBelieved(LogRecord record) {
    long time = record.timestampMillis();
    boolean isPlausible = now > 0 && time <= now + 60_000;
    if (record.isMark() || !scenario.time().isProducers() || isPlausible) {
      doubted.clear();
      now = Math.max(now, time);
      return true;
    }
    doubted.add(time);
    if (Collections.max(doubted) - Collections.min(doubted) > 60_000) {
      doubted = new ArrayList<>(List.of(time));
    }
    if (doubted.size() < 32) {
      return false;
    }
    doubted.clear();
    now = time;
    return true;
  }

  /** The spans of a record that counts. */
  private Optional<List<PlainSpan>> spans(LogRecord record) {
    try {
      return record.isMark() || record.tenant().isEmpty()
          ? Optional.empty()
          : Optional.of(PlainOtlp.spans(scenario.log().codec(), record.value()));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private void count(LogRecord record, List<PlainSpan> spans, long window) {
    books.add(record.tenant(), "records", 1);
    books.add(record.tenant(), "received", spans.size());
    if (PlainOtlp.skipsMetrics(scenario.log().codec(), record.value())) {
      books.add(record.tenant(), "discarded skip_flag", spans.size());
      return;
    }
    tellHosts(record, window);
    for (PlainSpan span : spans) {
      countOperation(record.tenant(), span, window);
      countSide(record.tenant(), span, window);
    }
  }

  private void countOperation(String tenant, PlainSpan span, long window) {
    if (!passes(span, scenario.filter())) {
      books.add(tenant, "discarded span_metrics_filtered", 1);
      return;
    }
    Optional<LabelSet> labels = labels(tenant, operation(span));
    books.add(tenant, labels.isPresent() ? "counted" : "discarded invalid_utf8", 1);
    if (labels.isPresent() && scenario.targetInfo().enabled()) {
      tellTarget(tenant, span, window);
    }
    labels.ifPresent(
        set -> {
          add(set, window, "traces_spanmetrics_calls_total", ONE);
          add(set, window, "traces_spanmetrics_size_total", BigInteger.valueOf(span.size()));
          observe(
              set,
              window,
              "traces_spanmetrics_latency",
              span.nanos(),
              scenario.spanMetricsBounds());
        });
  }

  private void tellHosts(LogRecord record, long window) {
    try {
      for (var resource : PlainOtlp.resourceTexts(scenario.log().codec(), record.value())) {
        scenario.hostInfo().identifiers().stream()
            .filter(key -> scenario.hostInfo().enabled())
            .flatMap(key -> resource.stream().filter(text -> text.getKey().equals(key)))
            .filter(text -> !text.getValue().isEmpty())
            .findFirst()
            .ifPresent(host -> tellHost(record.tenant(), host, window));
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private void tellHost(String tenant, Map.Entry<String, String> host, long window) {
    Map<String, String> values =
        Map.of("grafana_host_id", host.getValue(), "host_source", host.getKey());
    labels(tenant, values)
        .ifPresentOrElse(
            set -> add(set.in("host"), window, scenario.naming().hostInfo(), ONE),
            () -> books.add(tenant, "resources invalid_utf8", 1));
  }

  private void tellTarget(String tenant, PlainSpan span, long window) {
    Map<String, String> values = new HashMap<>();
    span.resourceInOrder().stream()
        .filter(attribute -> !attribute.getKey().matches("|[0-9].*"))
        .filter(attribute -> !TARGET_KEYS.contains(attribute.getKey()))
        .filter(attribute -> !scenario.targetInfo().excluded().contains(attribute.getKey()))
        .forEach(attribute -> values.put(targetLabel(attribute.getKey()), attribute.getValue()));
    values.values().removeIf(String::isEmpty);
    String job = job(span);
    String instance = instance(span);
    if (!values.isEmpty() && !(job + instance).isEmpty()) {
      values.put("job", job);
      values.put("instance", instance);
      labels(tenant, values)
          .ifPresent(set -> add(set.in("target"), window, "traces_target_info", ONE));
    }
  }

  private String targetLabel(String key) {
    String name = ByteText.decoded(key).replaceAll("[^a-zA-Z0-9_]", "_");
    return cut(name.matches("service|span_name|job|instance") ? "__" + name : name);
  }

  private static String job(PlainSpan span) {
    String service = span.service().orElse("");
    String namespace = span.resource().getOrDefault("service.namespace", "");
    return service.isEmpty() || namespace.isEmpty() ? service : namespace + '/' + service;
  }

  private String instance(PlainSpan span) {
    return scenario.targetInfo().instanceLabel()
        ? span.resource().getOrDefault("service.instance.id", "")
        : "";
  }

  private static boolean passes(PlainSpan span, List<FilterPolicy> policies) {
    if (rules(policies, FilterPolicy::exclude).anyMatch(rule -> matches(rule, span))) {
      return false;
    }
    if (rules(policies, FilterPolicy::includeAny).anyMatch(rule -> matches(rule, span))) {
      return true;
    }
    return rules(policies, FilterPolicy::include).findAny().isPresent()
        ? rules(policies, FilterPolicy::include).allMatch(rule -> matches(rule, span))
        : rules(policies, FilterPolicy::includeAny).findAny().isEmpty();
  }

  private static Stream<Rule> rules(
      List<FilterPolicy> policies, Function<FilterPolicy, Optional<Rule>> rule) {
    return policies.stream().map(rule).flatMap(Optional::stream);
  }

  /** Of rules with one condition, on texts. */
  private static boolean matches(Rule rule, PlainSpan span) {
    String key = rule.attributes().get(0).key();
    String wanted = rule.attributes().get(0).value().toString();
    String actual =
        switch (key) {
          case "kind" -> named(KINDS, span.kind());
          case "span.db.name" -> span.attributes().getOrDefault("db.name", "");
          default -> span.service().orElse("");
        };
    return rule.matchType().equals("regex")
        ? Pattern.compile(wanted).matcher(actual).find()
        : wanted.equals(actual);
  }

  private Map<String, String> operation(PlainSpan span) {
    Map<String, String> labels = new HashMap<>();
    labels.put("service", span.service().orElse(ByteText.EMPTY));
    labels.put("span_name", span.name());
    labels.put("span_kind", named(KINDS, span.kind()));
    labels.put("status_code", named(STATUS_CODES, span.status()));
    labels.put("status_message", span.statusMessage());
    labels
        .keySet()
        .removeIf(
            label ->
                scenario.dimensions().intrinsics().stream()
                    .noneMatch(i -> i.label().equals(label)));
    Map<String, String> attributes = new HashMap<>(span.attributes());
    attributes.putAll(span.resource());
    for (String key : scenario.dimensions().attributes()) {
      if (attributes.containsKey(key) || scenario.lastDimensionDecides()) {
        labels.put(label(key), attributes.getOrDefault(key, ""));
      }
    }
    for (DimensionMapping mapping : scenario.dimensions().mappings()) {
      labels.put(
          label(mapping.name()),
          mapping.sources().stream()
              .map(key -> attributes.getOrDefault(key, ""))
              .filter(value -> !value.isEmpty())
              .collect(Collectors.joining(mapping.join())));
    }
    if (scenario.targetInfo().enabled()) {
      putIfAny(labels, "job", job(span));
      putIfAny(labels, "instance", instance(span));
    }
    return labels;
  }

  private static void putIfAny(Map<String, String> labels, String label, String value) {
    if (!value.isEmpty()) {
      labels.put(label, value);
    }
  }

  private String label(String key) {
    String name = key.replaceAll("[^a-zA-Z0-9_]", "_");
    boolean isTarget =
        name.equals("job") && scenario.targetInfo().enabled() && !scenario.lastDimensionDecides();
    return cut(name.equals("span_name") || isTarget ? "__" + name : name);
  }

  private String cut(String name) {
    int limit = scenario.labels().maxNameBytes();
    return limit == 0 ? name : name.substring(0, Math.min(limit, name.length()));
  }

  private static String named(List<String> names, int number) {
    return number >= 0 && number < names.size() ? names.get(number) : Integer.toString(number);
  }

  private void countSide(String tenant, PlainSpan span, long window) {
    if (span.kind() < 2 || span.kind() > 5 || span.service().isEmpty()) {
      return;
    }
    books.add(tenant, "half edges", 1);
    if (!passes(span, scenario.graphFilter())) {
      books.add(tenant, "unpaired service_graphs_filtered", 1);
    } else if (isLinked(span)) {
      for (Map.Entry<ByteString, ByteString> link : linksBesidesParent(span)) {
        books.add(tenant, "links", 1);
        arrivals.add(new Arrival(now, tenant, span, Optional.of(link)));
      }
      if (Half.parent(span).isEmpty()) {
        books.add(tenant, "unpaired linked", 1);
        return;
      }
    }
    Arrival arrival = new Arrival(now, tenant, span, Optional.empty());
    if (scenario.pairing().routedByTrace()) {
      arrive(arrival, window);
    } else if (isEdgeAtOnce(half(arrival))) {
      edgeAtOnce(half(arrival), window);
    } else {
      arrivals.add(arrival);
    }
  }

  private boolean isLinked(PlainSpan span) {
    return scenario.pairing().links() && span.kind() == 5 && !linksBesidesParent(span).isEmpty();
  }

  private static List<Map.Entry<ByteString, ByteString>> linksBesidesParent(PlainSpan span) {
    return span.links().stream()
        .filter(link -> !link.equals(Map.entry(span.traceId(), span.parentId())))
        .toList();
  }

  private Half half(Arrival arrival) {
    PlainSpan span = arrival.span();
    return new Half(
        arrival,
        peer(span),
        (span.kind() == 3 || span.kind() == 4) && !database(span).isEmpty(),
        !passes(span, scenario.graphFilter()),
        now + scenario.graphWait().toMillis());
  }

  private boolean isEdgeAtOnce(Half half) {
    return half.takesPart() && half.isDatabase && !scenario.pairing().databasesWait();
  }

  private void edgeAtOnce(Half half, long window) {
    books.add(half.tenant, "single", 1);
    edge(half.tenant, window, half.service(), "database", half.peer, half, half);
  }

  private void arrive(Arrival arrival, long window) {
    Half half = half(arrival);
    if (isEdgeAtOnce(half)) {
      edgeAtOnce(half, window);
    } else if (half.takesPart()) {
      meet(half, window);
    } else if (!(half.isRejected && half.isRoot())) {
      stay(half);
    }
  }

  /** Whether a client meets more than one server. */
  private boolean meetsAll(Half half) {
    return half.isClientSide()
        && (scenario.pairing().allServers()
            || (scenario.pairing().links() && half.span.kind() == 4));
  }

  private void meet(Half half, long window) {
    if (meetsAll(half) && halves.stream().anyMatch(candidate -> candidate.isSame(half))) {
      books.add(half.tenant, "unpaired duplicate", 1);
      return;
    }
    List<Half> others = halves.stream().filter(half::meets).toList();
    if (!others.isEmpty() && !meetsAll(half)) {
      others = others.subList(0, 1);
    }
    half.isCounterpartRejected =
        halves.stream().anyMatch(candidate -> candidate.isRejected && candidate.isPair(half));
    for (Half other : List.copyOf(others)) {
      Half client = half.isClientSide() ? half : other;
      pair(client, half.isClientSide() ? other : half, window);
      client.isAnswered = true;
      if (!meetsAll(other)) {
        halves.remove(other);
      }
    }
    if (others.isEmpty() || meetsAll(half)) {
      stay(half);
    }
  }

  private void stay(Half half) {
    if (half.waits() && halves.stream().filter(Half::waits).count() >= scenario.maxItems()) {
      giveUp(halves.stream().filter(Half::waits).findFirst().orElseThrow());
    } else if (halves.size() >= 2L * scenario.maxItems()) {
      giveUp(halves.get(0));
    }
    halves.add(half);
  }

  private void giveUp(Half half) {
    halves.remove(half);
    books.add(half.tenant, half.waits() ? "unpaired max_items" : "forgotten", 1);
  }

  private void pair(Half client, Half server, long window) {
    String database = client.isDatabase ? "database" : "";
    boolean messaging = client.span.kind() == 4 || server.span.kind() == 5;
    books.add(client.tenant, client.isAnswered ? "further" : "paired", 1);
    edge(
        client.tenant,
        window,
        client.service(),
        messaging ? "messaging_system" : database,
        server.service(),
        client,
        server);
  }

  private String peer(PlainSpan span) {
    String database = span.kind() == 3 || span.kind() == 4 ? database(span) : "";
    return database.isEmpty()
        ? scenario.peerAttributes().stream()
            .filter(span.attributes()::containsKey)
            .findFirst()
            .map(span.attributes()::get)
            .orElse("")
        : database;
  }

  private static String database(PlainSpan span) {
    Map<String, String> all = new HashMap<>(span.attributes());
    all.putAll(span.resource());
    return DATABASE_ATTRIBUTES.stream()
        .filter(all::containsKey)
        .findFirst()
        .map(key -> database(all, all.getOrDefault(key, "")))
        .orElse("");
  }

  private static String database(Map<String, String> all, String name) {
    if (all.containsKey("peer.service")) {
      return all.getOrDefault("peer.service", "");
    }
    if (all.containsKey("server.address")) {
      return all.getOrDefault("server.address", "");
    }
    String port =
        all.containsKey("network.peer.port") ? ":" + all.getOrDefault("network.peer.port", "") : "";
    return all.containsKey("network.peer.address")
        ? all.getOrDefault("network.peer.address", "") + port
        : name;
  }

  private void expire(long firstWindow) {
    while (now > 0 && !halves.isEmpty() && halves.get(0).expiryMillis <= now) {
      Half half = halves.get(0);
      if (half.waits()) {
        expire(half, Math.max(firstWindow, half.expiryMillis / windowMillis));
      }
      halves.remove(half);
    }
  }

  private void expire(Half half, long window) {
    boolean isNamedClient = half.isClientSide() && !half.service().isEmpty();
    if (half.isCounterpartRejected
        || halves.stream().anyMatch(other -> other.isRejected && other.isPair(half))) {
      books.add(half.tenant, "unpaired filtered_counterpart", 1);
    } else if (!half.isRoot() && isParted(half)) {
      books.add(half.tenant, "unpaired repartitioned", 1);
    } else if (half.isRoot()) {
      books.add(half.tenant, "virtual", 1);
      String client = half.peer.isEmpty() ? "user" : half.peer;
      edge(half.tenant, window, client, "virtual_node", half.service(), null, half);
    } else if (isNamedClient && half.isDatabase) {
      books.add(half.tenant, "single", 1);
      edge(half.tenant, window, half.service(), "database", half.peer, half, half);
    } else if (isNamedClient && !half.peer.isEmpty()) {
      books.add(half.tenant, "virtual", 1);
      edge(half.tenant, window, half.service(), "virtual_node", half.peer, half, null);
    } else {
      books.add(
          half.tenant, "unpaired " + (half.isLink ? "link" : named(KINDS, half.span.kind())), 1);
    }
  }

  private void edge(
      String tenant,
      long window,
      String client,
      String type,
      String server,
      @org.jspecify.annotations.Nullable Half clientSide,
      @org.jspecify.annotations.Nullable Half serverSide) {
    Map<String, String> values = new HashMap<>();
    values.put("client", client);
    values.put("connection_type", type);
    values.put("server", server);
    if (scenario.edges().virtualNodeLabel() && type.equals("virtual_node")) {
      values.put("virtual_node", clientSide == null ? "client" : "server");
    }
    Half realServer = clientSide == serverSide ? null : serverSide;
    for (String key : scenario.edges().dimensions()) {
      String name = key.replace("größe", "gr__e").replace('.', '_');
      String ofClient = dimension(clientSide, key);
      String ofServer = dimension(realServer, key);
      if (scenario.edges().clientServerPrefix()) {
        values.put(cut("client_" + name), ofClient);
        values.put(cut("server_" + name), ofServer);
      } else {
        values.put(name, ofServer.isEmpty() ? ofClient : ofServer);
      }
    }
    Optional<LabelSet> labels = labels(tenant, values);
    if (labels.isEmpty()) {
      return;
    }
    String name = "traces_service_graph_request";
    if (scenario.edges().connectionInfo()) {
      add(labels.get().in("info"), window, "traces_service_graph_connection_info", ONE);
    }
    if (!scenario.edges().requests()) {
      return;
    }
    add(labels.get(), window, name + "_total", ONE);
    if ((clientSide != null && clientSide.span.status() == 2)
        || (serverSide != null && serverSide.span.status() == 2)) {
      add(labels.get(), window, name + "_failed_total", ONE);
    }
    List<Double> bounds = scenario.serviceGraphBounds();
    if (clientSide != null) {
      observe(labels.get(), window, name + "_client_seconds", clientSide.span.nanos(), bounds);
    } else if (scenario.edges().zeroForUnseenSide()) {
      observe(labels.get(), window, name + "_client_seconds", BigInteger.ZERO, bounds);
    }
    if (serverSide != null) {
      observe(labels.get(), window, name + "_server_seconds", serverSide.span.nanos(), bounds);
    } else if (scenario.edges().zeroForUnseenSide()) {
      observe(labels.get(), window, name + "_server_seconds", BigInteger.ZERO, bounds);
    }
    if (scenario.edges().messagingLatency() && type.equals("messaging_system")) {
      BigInteger latency = serverSide.span.start().subtract(clientSide.span.end());
      if (latency.signum() > 0) {
        LabelSet messaging = labels.get().in("messaging");
        observe(messaging, window, name + "_messaging_system_seconds", latency, bounds);
      }
    }
  }

  private static String dimension(@org.jspecify.annotations.Nullable Half half, String attribute) {
    if (half == null) {
      return "";
    }
    String key = ByteText.of(ByteString.copyFromUtf8(attribute));
    Map<String, String> all = new HashMap<>(half.span.attributes());
    all.putAll(half.span.resource());
    return all.getOrDefault(key, "");
  }

  /** The label set of those values, which are bytes as characters; empty if one is not UTF-8. */
  private Optional<LabelSet> labels(String tenant, Map<String, String> values) {
    TreeMap<String, String> labels = new TreeMap<>();
    for (Map.Entry<String, String> label : values.entrySet()) {
      if (scenario.labels().overwritten().contains(label.getKey())) {
        continue;
      }
      String kept = ByteText.truncated(label.getValue(), scenario.labels().maxValueBytes());
      if (!ByteText.isUtf8(kept)) {
        return Optional.empty();
      }
      if (!kept.isEmpty()) {
        labels.put(label.getKey(), ByteText.decoded(kept));
      }
    }
    return Optional.of(new LabelSet(tenant, "", labels));
  }

  private void observe(
      LabelSet set, long window, String name, BigInteger nanos, List<Double> bounds) {
    double seconds = nanos.doubleValue() / 1e9;
    for (double bound : bounds) {
      String le = BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
      add(set, window, new Metric(name + "_bucket", le), seconds <= bound ? ONE : BigInteger.ZERO);
    }
    add(set, window, new Metric(name + "_bucket", "+Inf"), ONE);
    add(set, window, new Metric(name + "_count", ""), ONE);
    add(set, window, new Metric(name + "_sum", ""), nanos);
  }

  private void add(LabelSet set, long window, String name, BigInteger amount) {
    add(set, window, new Metric(name, ""), amount);
  }

  private void add(LabelSet set, long window, Metric metric, BigInteger amount) {
    growth
        .computeIfAbsent(set, s -> new TreeMap<>())
        .computeIfAbsent(window, w -> new TreeMap<>())
        .merge(metric, amount, BigInteger::add);
  }

  private boolean isParted(Half half) {
    byte[] tenant = half.tenant.getBytes(StandardCharsets.UTF_8);
    byte[] trace = half.key.getKey().toByteArray();
    long since = half.expiryMillis - grownAt;
    return scenario.pairing().routedByTrace()
        && grownAt > 0
        && since > 0
        && since <= 2 * scenario.graphWait().toMillis() + 60_000
        && TracePartition.of(tenant, trace, 0, trace.length, scenario.log().atFirst())
            != TracePartition.of(
                tenant, trace, 0, trace.length, scenario.log().partitions().size());
  }

  private void emit(LabelSet set, SortedMap<Long, SortedMap<Metric, BigInteger>> windows) {
    TreeMap<Metric, BigInteger> total = new TreeMap<>();
    long created = 0;
    long lastGrown = 0;
    for (long window = windows.firstKey(); window < completeTo; window++) {
      if (total.isEmpty() && !windows.containsKey(window)) {
        SortedMap<Long, SortedMap<Metric, BigInteger>> later = windows.tailMap(window);
        if (later.isEmpty() || later.firstKey() >= completeTo) {
          break;
        }
        window = later.firstKey();
      }
      SortedMap<Metric, BigInteger> grown = windows.get(window);
      if (grown != null) {
        created = total.isEmpty() ? window : created;
        lastGrown = window;
        for (Metric metric : grown.keySet()) {
          if (!total.containsKey(metric) && !metric.isGauge()) {
            sample(set, metric, window * windowMillis, bits(0), created);
          }
        }
        grown.forEach((metric, amount) -> total.merge(metric, amount, BigInteger::add));
      }
      long idle = window - lastGrown;
      if (idle > scenario.staleAfterWindows()) {
        total.clear();
      }
      for (Map.Entry<Metric, BigInteger> entry : total.entrySet()) {
        boolean isStale = idle == scenario.staleAfterWindows();
        sample(
            set,
            entry.getKey(),
            (window + 1) * windowMillis,
            isStale ? STALE : bits(value(entry.getKey(), entry.getValue())),
            isStale ? 0 : created);
      }
    }
  }

  private static double value(Metric metric, BigInteger amount) {
    if (metric.isGauge()) {
      return 1;
    }
    return metric.name().endsWith("_sum") ? amount.doubleValue() / 1e9 : amount.doubleValue();
  }

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }

  private void sample(LabelSet set, Metric metric, long millis, long bits, long createdWindow) {
    TreeMap<String, String> labels = new TreeMap<>(set.labels());
    labels.putAll(scenario.naming().external().fixed());
    if (!scenario.naming().external().tenantLabel().isEmpty()) {
      labels.put(scenario.naming().external().tenantLabel(), set.tenant());
    }
    labels.put("__name__", metric.name());
    if (!metric.le().isEmpty()) {
      labels.put("le", metric.le());
    }
    List<String> texts = new ArrayList<>();
    labels.forEach((name, value) -> texts.add(Samples.label(name, value)));
    samples.put(
        new Samples.Id(set.tenant(), texts.toString(), millis),
        new Samples.Value(
            bits, metric.isGauge() ? 0 : createdWindow * windowMillis, metric.type()));
  }
}
