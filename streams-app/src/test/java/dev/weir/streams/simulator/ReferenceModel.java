package dev.weir.streams.simulator;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.key.TracePartition;
import dev.weir.streams.filter.FilterPolicy;
import dev.weir.streams.filter.FilterPolicy.Rule;
import dev.weir.streams.series.MetricSelection;
import dev.weir.streams.simulator.PlainOtlp.PlainSpan;
import dev.weir.streams.simulator.SpanLog.LogRecord;
import dev.weir.streams.spanmetrics.DimensionMapping;
import dev.weir.streams.weight.WeightSettings;
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
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What must come out of a log, computed the slow and obvious way: partition by partition, record by
 * record, with maps, strings and big integers, and with none of the classes under test.
 */
final class ReferenceModel {
  /** Everything is added up in units of 2⁻²⁰. */
  private static final BigInteger ONE = BigInteger.ONE.shiftLeft(20);

  private static final double UNIT = 0x1p-20;
  private static final BigInteger LARGEST = BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE);
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

    boolean isNative() {
      return le.startsWith("native ");
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
    private final List<String> dimensions;
    private final WeightSettings weights;
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
      this.dimensions = arrival.under().edges().dimensions();
      this.weights = arrival.under().edgeWeights();
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

    /** Whether something becomes of it without another half. */
    boolean waits() {
      return !isAnswered && !isRejected;
    }

    /** Whether it has room of its own. */
    boolean isApart() {
      return !waits() || isDatabase;
    }

    boolean callsDatabase() {
      return isDatabase && span.service().filter(name -> !name.isEmpty()).isPresent();
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

  /**
   * A side of a call that comes at a time of its source partition, to be paired later.
   *
   * @param under the settings with which it was read
   */
  private record Arrival(
      Scenario under,
      long millis,
      String tenant,
      PlainSpan span,
      Optional<Map.Entry<ByteString, ByteString>> link) {
    Arrival at(long otherMillis) {
      return new Arrival(under, otherMillis, tenant, span, link);
    }
  }

  private final Scenario run;
  private Scenario scenario; // with the settings of the tenant and window at hand
  private final long windowMillis;
  private final Map<LabelSet, SortedMap<Long, SortedMap<Metric, BigInteger>>> growth =
      new HashMap<>();

  /** By label set, window, histogram and bucket. */
  private final Map<LabelSet, Map<Long, Map<String, Map<String, PlainExemplar>>>> exemplars =
      new HashMap<>();

  private final Books books = new Books();
  private final Map<Samples.Id, Samples.Value> samples = new HashMap<>();
  private long completeTo = Long.MAX_VALUE;
  private int waiting;

  private final List<Arrival> arrivals = new ArrayList<>();
  private List<Half> halves = new ArrayList<>();
  private long now;
  private long givenUp;
  private List<Long> doubted = new ArrayList<>();
  private long grownAt;

  ReferenceModel(Scenario scenario) {
    this.run = scenario;
    this.scenario = scenario;
    this.windowMillis = scenario.window().toMillis();
    long completeMillis = Long.MAX_VALUE;
    for (List<LogRecord> partition : scenario.log().partitions()) {
      halves = new ArrayList<>();
      now = 0;
      givenUp = 0;
      doubted = new ArrayList<>();
      grownAt = 0;
      partition.forEach(this::process);
      completeTo = Math.min(completeTo, openFrom());
      completeMillis = Math.min(completeMillis, sourceMillis());
      waiting += Math.toIntExact(halves.stream().filter(Half::waits).count());
    }
    if (!scenario.pairing().routedByTrace()) {
      pairApart(completeMillis);
    }
    growth.forEach(this::deselect);
    growth.forEach(this::emit);
    exemplars.forEach((set, windows) -> windows.forEach((w, all) -> attach(set, w, all)));
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
      scenario = run.at(arrival.tenant(), now / windowMillis);
      arrive(arrival, now / windowMillis);
    }
    now = completeMillis;
    expire(0);
    completeTo = Math.min(completeTo, now / windowMillis);
    waiting += Math.toIntExact(halves.stream().filter(Half::waits).count());
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
    return Math.max(givenUp, (now - scenario.time().bound().toMillis()) / windowMillis);
  }

  private long sourceMillis() {
    return Math.max(now, givenUp * windowMillis);
  }

  private void process(LogRecord record) {
    boolean hadTime = sourceMillis() > 0;
    if (record.givesUp()) {
      givenUp = Math.max(givenUp, record.timestampMillis() / windowMillis);
    } else {
      read(record);
    }
    if (!hadTime) {
      arrivals.replaceAll(arrival -> arrival.millis() == 0 ? arrival.at(sourceMillis()) : arrival);
    }
  }

  private void read(LogRecord record) {
    Optional<List<PlainSpan>> spans = spans(record);
    long window = Math.max(1, record.timestampMillis() / windowMillis);
    boolean isLate = record.timestampMillis() / windowMillis < openFrom();
    boolean isFirst = now == 0;
    boolean isAhead = !isBelieved(record) && now > 0;
    if (isAhead) {
      window = Math.max(1, Math.max(openFrom(), now / windowMillis));
    } else if (isLate) {
      window = openFrom();
    }
    expire(isFirst ? openFrom() : givenUp);
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
    scenario = run.at(record.tenant(), window);
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
    if (!scenario.hasSpanMetrics()) {
      books.add(tenant, "counted", 1);
      return;
    }
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
          BigInteger weight = PlainWeight.units(span, scenario.spanWeights()).orElse(ONE);
          BigInteger size = BigInteger.valueOf(span.size());
          add(set, window, "traces_spanmetrics_calls_total", weight);
          add(
              set,
              window,
              "traces_spanmetrics_size_total",
              size.multiply(scenario.spanWeights().ofSize() ? weight : ONE));
          observe(
              set,
              window,
              "traces_spanmetrics_latency",
              span.nanos(),
              scenario.spanMetricsBounds(),
              weight,
              PlainExemplar.of(span.traceId(), span.spanId(), span.nanos(), span.end()));
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
    Map<String, String> attributes = together(span, scenario.labels().values().emptyHides());
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
    if (!scenario.hasServiceGraphs()
        || span.kind() < 2
        || span.kind() > 5
        || span.service().isEmpty()) {
      return;
    }
    books.add(tenant, "half edges", 1);
    if (!passes(span, scenario.graphFilter())) {
      books.add(tenant, "unpaired service_graphs_filtered", 1);
    } else if (isLinked(span)) {
      for (Map.Entry<ByteString, ByteString> link : linksBesidesParent(span)) {
        books.add(tenant, "links", 1);
        arrivals.add(new Arrival(scenario, sourceMillis(), tenant, span, Optional.of(link)));
      }
      if (Half.parent(span).isEmpty()) {
        books.add(tenant, "unpaired linked", 1);
        return;
      }
    }
    boolean pairsHere = scenario.pairing().routedByTrace();
    long millis = pairsHere ? now : sourceMillis();
    Arrival arrival = new Arrival(scenario, millis, tenant, span, Optional.empty());
    if (pairsHere) {
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
        peer(span, arrival.under().peerAttributes()),
        (span.kind() == 3 || span.kind() == 4) && !database(span).isEmpty(),
        !passes(span, arrival.under().graphFilter()),
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
      stay(half, window);
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
      if (client == other && meetsAll(other) && !other.isApart()) {
        makeRoomApart(window);
      }
      client.isAnswered = true;
      if (!meetsAll(other)) {
        halves.remove(other);
      }
    }
    if (others.isEmpty() || meetsAll(half)) {
      stay(half, window);
    }
  }

  private void stay(Half half, long window) {
    List<Half> needy = halves.stream().filter(other -> !other.isApart()).toList();
    if (half.isApart()) {
      makeRoomApart(window);
    } else if (needy.size() >= scenario.room().waiting()) {
      giveUp(needy.get(0), window);
    }
    halves.add(half);
  }

  private void makeRoomApart(long window) {
    List<Half> apart = halves.stream().filter(Half::isApart).toList();
    if (apart.size() >= scenario.room().apart()) {
      apart.subList(0, scenario.room().apartAtOnce()).forEach(half -> giveUp(half, window));
    }
  }

  private void giveUp(Half half, long window) {
    halves.remove(half);
    if (half.waits() && half.callsDatabase()) {
      Scenario before = scenario;
      scenario = run.at(half.tenant, window);
      edgeAtOnce(half, window);
      scenario = before;
    } else {
      books.add(half.tenant, half.waits() ? "unpaired max_items" : "forgotten", 1);
    }
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

  private static String peer(PlainSpan span, List<String> peerAttributes) {
    String database = span.kind() == 3 || span.kind() == 4 ? database(span) : "";
    return database.isEmpty()
        ? peerAttributes.stream()
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
        long window = Math.max(firstWindow, half.expiryMillis / windowMillis);
        scenario = run.at(half.tenant, window);
        expire(half, window);
      }
      halves.remove(half);
    }
  }

  private void expire(Half half, long window) {
    boolean isNamedClient = half.isClientSide() && !half.service().isEmpty();
    if (half.callsDatabase()) {
      edgeAtOnce(half, window);
    } else if (half.isCounterpartRejected
        || halves.stream().anyMatch(other -> other.isRejected && other.isPair(half))) {
      books.add(half.tenant, "unpaired filtered_counterpart", 1);
    } else if (!half.isRoot() && isParted(half)) {
      books.add(half.tenant, "unpaired repartitioned", 1);
    } else if (half.isRoot()) {
      books.add(half.tenant, "virtual", 1);
      String client = half.peer.isEmpty() ? "user" : half.peer;
      edge(half.tenant, window, client, "virtual_node", half.service(), null, half);
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
        putEdgeDimension(values, "client_" + name, ofClient);
        putEdgeDimension(values, "server_" + name, ofServer);
      } else {
        putEdgeDimension(values, name, ofServer.isEmpty() ? ofClient : ofServer);
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
    BigInteger weight = weight(clientSide).or(() -> weight(serverSide)).orElse(ONE);
    add(labels.get(), window, name + "_total", weight);
    if ((clientSide != null && clientSide.span.status() == 2)
        || (serverSide != null && serverSide.span.status() == 2)) {
      add(labels.get(), window, name + "_failed_total", weight);
    }
    List<Double> bounds = scenario.serviceGraphBounds();
    boolean zero = scenario.edges().zeroForUnseenSide();
    if (clientSide != null || zero) {
      observe(
          labels.get(),
          window,
          name + "_client_seconds",
          clientSide == null ? BigInteger.ZERO : clientSide.span.nanos(),
          bounds,
          weight,
          clientSide == null ? exemplar(serverSide, BigInteger.ZERO) : exemplar(clientSide));
    }
    if (serverSide != null || zero) {
      observe(
          labels.get(),
          window,
          name + "_server_seconds",
          serverSide == null ? BigInteger.ZERO : serverSide.span.nanos(),
          bounds,
          weight,
          serverSide == null ? exemplar(clientSide, BigInteger.ZERO) : exemplar(serverSide));
    }
    if (scenario.edges().messagingLatency() && type.equals("messaging_system")) {
      BigInteger latency = serverSide.span.start().subtract(clientSide.span.end());
      if (latency.signum() > 0) {
        LabelSet messaging = labels.get().in("messaging");
        observe(
            messaging,
            window,
            name + "_messaging_system_seconds",
            latency,
            bounds,
            weight,
            exemplar(serverSide, latency));
      }
    }
  }

  private static PlainExemplar exemplar(Half half) {
    return exemplar(half, half.span.nanos());
  }

  private static PlainExemplar exemplar(Half half, BigInteger observed) {
    PlainSpan span = half.span;
    BigInteger end = half.isClientSide() ? span.end() : span.start().add(span.nanos());
    return PlainExemplar.of(half.key.getKey(), half.key.getValue(), observed, end);
  }

  private Optional<BigInteger> weight(@org.jspecify.annotations.Nullable Half half) {
    return half == null || !scenario.edgeWeights().enabled()
        ? Optional.empty()
        : PlainWeight.units(half.span, half.weights);
  }

  /** Attributes of a span, those of its resource before its own. */
  private static Map<String, String> together(PlainSpan span, boolean emptyHides) {
    Map<String, String> all = new HashMap<>(span.attributes());
    span.resource()
        .forEach(
            (key, value) -> all.merge(key, value, (s, r) -> emptyHides || !r.isEmpty() ? r : s));
    all.values().removeIf(value -> !emptyHides && value.isEmpty());
    return all;
  }

  private void putEdgeDimension(Map<String, String> labels, String name, String value) {
    if (!value.isEmpty() || scenario.edges().lastDimensionDecides()) {
      labels.put(cut(name), value);
    }
  }

  private String dimension(@org.jspecify.annotations.Nullable Half half, String attribute) {
    if (half == null || !half.dimensions.contains(attribute)) {
      return "";
    }
    String key = ByteText.of(ByteString.copyFromUtf8(attribute));
    return together(half.span, scenario.labels().values().emptyHides()).getOrDefault(key, "");
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
      LabelSet set,
      long window,
      String name,
      BigInteger nanos,
      List<Double> bounds,
      BigInteger weight,
      PlainExemplar exemplar) {
    double seconds = nanos.doubleValue() / 1e9;
    String bucket =
        bounds.stream()
            .filter(bound -> seconds <= bound)
            .findFirst()
            .map(ReferenceModel::le)
            .orElse("+Inf");
    if (scenario.exemplars()) {
      exemplars
          .computeIfAbsent(set, s -> new HashMap<>())
          .computeIfAbsent(window, w -> new HashMap<>())
          .computeIfAbsent(name, n -> new HashMap<>())
          .merge(bucket, exemplar, (a, b) -> a.compareTo(b) < 0 ? a : b);
    }
    for (double bound : bounds) {
      Metric metric = new Metric(name + "_bucket", le(bound));
      add(set, window, metric, seconds <= bound ? weight : BigInteger.ZERO);
    }
    add(set, window, new Metric(name + "_bucket", "+Inf"), weight);
    add(set, window, new Metric(name, PlainNative.bucket(seconds, scenario)), weight);
    add(set, window, new Metric(name, "native sum"), nanos.multiply(weight));
    add(set, window, new Metric(name + "_count", ""), weight);
    add(set, window, new Metric(name + "_sum", ""), nanos.multiply(weight));
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

  /** A metric that is not selected is as if it had never grown. */
  private void deselect(LabelSet set, SortedMap<Long, SortedMap<Metric, BigInteger>> windows) {
    windows.forEach(
        (window, metrics) ->
            metrics.keySet().removeIf(metric -> !isSelected(set.tenant(), window, metric)));
  }

  /** Whether a metric of a tenant is there in a window. */
  private boolean isSelected(String tenant, long window, Metric metric) {
    Scenario then = run.at(tenant, window);
    String name = metric.name();
    boolean isOfSpans = name.startsWith("traces_spanmetrics");
    if (metric.isGauge()) {
      return switch (name) {
        case "traces_target_info" -> then.hasSpanMetrics() && then.targetInfo().enabled();
        case "traces_service_graph_connection_info" ->
            then.hasServiceGraphs() && then.edges().connectionInfo();
        default -> then.hostInfo().enabled();
      };
    }
    if (!(isOfSpans ? then.hasSpanMetrics() : then.hasServiceGraphs() && then.edges().requests())) {
      return false;
    }
    if (name.contains("messaging") && !then.edges().messagingLatency()) {
      return false;
    }
    MetricSelection selection = isOfSpans ? then.spanMetrics() : then.requests();
    if (name.endsWith("_total")) {
      return selection.counters().contains(name.matches(".*(size|failed)_total") ? 1 : 0);
    }
    return metric.isNative() ? selection.exponential() : selection.classic();
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
    Map<String, PlainNative> natives = new HashMap<>();
    TreeMap<Metric, BigInteger> total = new TreeMap<>();
    Map<String, Long> since = new HashMap<>();
    Map<Metric, LongConsumer> sent =
        new HashMap<>(); // for the window before, and what would end it
    List<String> bounds = List.of();
    boolean isAlive = false;
    boolean isFine = false;
    long created = 0;
    long lastGrown = 0;
    for (long window = windows.firstKey(); window < completeTo; window++) {
      if (!isAlive && !windows.containsKey(window)) {
        SortedMap<Long, SortedMap<Metric, BigInteger>> later = windows.tailMap(window);
        if (later.isEmpty() || later.firstKey() >= completeTo) {
          break;
        }
        window = later.firstKey();
      }
      SortedMap<Metric, BigInteger> grown = windows.getOrDefault(window, new TreeMap<>());
      lastGrown = windows.containsKey(window) ? window : lastGrown;
      long idle = window - lastGrown;
      if (idle > scenario.staleAfterWindows()) {
        total.clear();
        natives.clear();
        isAlive = false;
        isFine = false;
        continue;
      }
      isFine |= windows.containsKey(window) && weights(set, window).enabled();
      if (idle < scenario.staleAfterWindows()) {
        if (isAlive) {
          change(set, total, bounds, since, sent, window);
        } else {
          isAlive = true;
          created = window;
          since.clear();
        }
        bounds = bounds(set, window);
      }
      for (Metric metric : grown.keySet()) {
        if (!total.containsKey(metric) && !metric.isGauge() && !metric.isNative()) {
          sample(set, metric, window * windowMillis, bits(0), created(created, since, metric));
        }
      }
      grown.forEach((metric, amount) -> total.merge(metric, amount, BigInteger::add));
      growNatives(set, window, grown, natives, isFine);
      Map<Metric, LongConsumer> sending = new HashMap<>();
      if (idle < scenario.staleAfterWindows()) {
        emitNatives(set, window, natives, isFine, sending);
        emitNumbers(set, window, total, created, since, sending);
      }
      sent.keySet().removeAll(sending.keySet());
      long endOfOthers =
          idle == scenario.staleAfterWindows()
              ? (window + 1) * windowMillis
              : window * windowMillis + 1;
      sent.values().forEach(marker -> marker.accept(endOfOthers));
      sent = sending;
    }
  }

  private void emitNumbers(
      LabelSet set,
      long window,
      SortedMap<Metric, BigInteger> total,
      long created,
      Map<String, Long> since,
      Map<Metric, LongConsumer> sending) {
    total.forEach(
        (metric, amount) -> {
          if (!metric.isNative() && isSelected(set.tenant(), window, metric)) {
            long end = (window + 1) * windowMillis;
            sample(set, metric, end, bits(value(metric, amount)), created(created, since, metric));
            sending.put(metric, at -> sample(set, metric, at, STALE, 0));
          }
        });
  }

  private void growNatives(
      LabelSet set,
      long window,
      SortedMap<Metric, BigInteger> grown,
      Map<String, PlainNative> natives,
      boolean isFine) {
    Map<String, Map<String, BigInteger>> byName = new TreeMap<>();
    grown.forEach(
        (metric, amount) -> {
          if (metric.isNative()) {
            byName
                .computeIfAbsent(metric.name(), n -> new HashMap<>())
                .put(metric.le().substring("native ".length()), amount);
          }
        });
    byName.forEach(
        (name, amounts) -> {
          boolean isNew = !natives.containsKey(name);
          PlainNative histogram = natives.computeIfAbsent(name, n -> new PlainNative());
          histogram.grow(window, amounts, run.at(set.tenant(), window));
          if (isNew) {
            long start = window * windowMillis;
            put(set, name, start, histogram.empty(start, isFine));
          }
        });
  }

  private void attach(LabelSet set, long window, Map<String, Map<String, PlainExemplar>> all) {
    long start = window * windowMillis;
    long end = start + windowMillis;
    all.forEach(
        (name, buckets) -> {
          if (isSelected(set.tenant(), window, new Metric(name + "_count", ""))) {
            buckets.forEach(
                (le, exemplar) ->
                    attach(
                        id(set, new Metric(name + "_bucket", le), end),
                        List.of(exemplar.text(start, end))));
          } else if (isSelected(set.tenant(), window, new Metric(name, "native "))) {
            attach(
                id(set, new Metric(name, ""), end),
                PlainExemplar.ofNative(buckets.values(), start, end));
          }
        });
  }

  private void attach(Samples.Id id, List<String> texts) {
    samples.computeIfPresent(id, (same, value) -> value.with(texts));
  }

  private WeightSettings weights(LabelSet set, long window) {
    Scenario then = run.at(set.tenant(), window);
    return isOfGraph(set) ? then.edgeWeights() : then.spanWeights();
  }

  private static boolean isOfGraph(LabelSet set) {
    return set.labels().containsKey("client") || set.labels().containsKey("server");
  }

  private void emitNatives(
      LabelSet set,
      long window,
      Map<String, PlainNative> natives,
      boolean isFine,
      Map<Metric, LongConsumer> sending) {
    natives.forEach(
        (name, histogram) -> {
          Metric metric = new Metric(name, "native ");
          if (isSelected(set.tenant(), window, metric)) {
            put(
                set,
                name,
                (window + 1) * windowMillis,
                histogram.sample(window, windowMillis, isFine));
            Samples.Value marker = histogram.marker(windowMillis, isFine);
            sending.put(metric, at -> put(set, name, at, marker));
          }
        });
  }

  private void put(LabelSet set, String name, long millis, Samples.Value value) {
    samples.put(id(set, new Metric(name, ""), millis), value);
  }

  private static long created(long ofSet, Map<String, Long> since, Metric metric) {
    return Math.max(ofSet, since.getOrDefault(metric.le(), 0L));
  }

  /** Buckets that are no longer asked for end, and new ones begin with 0. */
  private void change(
      LabelSet set,
      Map<Metric, BigInteger> total,
      List<String> bounds,
      Map<String, Long> since,
      Map<Metric, LongConsumer> sent,
      long window) {
    List<String> next = bounds(set, window);
    for (String le : bounds) {
      if (!next.contains(le)) {
        since.remove(le);
        for (String name : histograms(total)) {
          Metric metric = new Metric(name + "_bucket", le);
          total.remove(metric);
          if (isSelected(set.tenant(), window, metric) && sent.remove(metric) != null) {
            sample(set, metric, window * windowMillis + 1, STALE, 0);
          }
        }
      }
    }
    for (String le : next) {
      if (!bounds.contains(le)) {
        since.put(le, window);
        for (String name : histograms(total)) {
          Metric metric = new Metric(name + "_bucket", le);
          total.put(metric, BigInteger.ZERO);
          if (isSelected(set.tenant(), window, metric)) {
            sample(set, metric, window * windowMillis, bits(0), window);
          }
        }
      }
    }
  }

  private static List<String> histograms(Map<Metric, BigInteger> total) {
    return total.keySet().stream()
        .filter(metric -> metric.name().endsWith("_count"))
        .map(metric -> metric.name().replace("_count", ""))
        .toList();
  }

  private List<String> bounds(LabelSet set, long window) {
    Scenario then = run.at(set.tenant(), window);
    return (isOfGraph(set) ? then.serviceGraphBounds() : then.spanMetricsBounds())
        .stream().map(ReferenceModel::le).toList();
  }

  private static String le(double bound) {
    return BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
  }

  private static double value(Metric metric, BigInteger amount) {
    if (metric.isGauge()) {
      return 1;
    }
    double value = amount.min(LARGEST).doubleValue() * UNIT;
    return metric.name().endsWith("_sum") ? value / 1e9 : value;
  }

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }

  private void sample(LabelSet set, Metric metric, long millis, long bits, long createdWindow) {
    samples.put(
        id(set, metric, millis),
        new Samples.Value(
            bits, metric.isGauge() ? 0 : createdWindow * windowMillis, metric.type()));
  }

  private Samples.Id id(LabelSet set, Metric metric, long millis) {
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
    return new Samples.Id(set.tenant(), texts.toString(), millis);
  }
}
