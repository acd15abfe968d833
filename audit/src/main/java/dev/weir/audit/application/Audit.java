package dev.weir.audit.application;

import dev.weir.audit.books.DeadLetters;
import dev.weir.audit.books.Entry;
import dev.weir.audit.books.Finding;
import dev.weir.audit.books.HalfEdgeBooks;
import dev.weir.audit.books.LedgerFloor;
import dev.weir.audit.books.PartitionBooks;
import dev.weir.audit.books.PartitionBooks.Balance;
import dev.weir.audit.books.Scope;
import dev.weir.audit.config.AuditSettings;
import dev.weir.audit.config.Position;
import dev.weir.audit.kafka.AuditedTopics;
import dev.weir.audit.prometheus.PrometheusTotal;
import dev.weir.audit.recount.LoggedDecision;
import dev.weir.audit.recount.PartitionRecount;
import dev.weir.audit.recount.RecountSettings;
import dev.weir.audit.report.PartitionRecords;
import dev.weir.audit.report.Report;
import dev.weir.schemas.topic.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Recounts the log and compares it with the ledger, and with a Prometheus if there is one. Writes
 * nothing.
 */
public final class Audit {
  private static final int EQUAL = 0;
  private static final int DIFFERENT = 1;
  private static final int CANNOT = 2;
  private static final int DELIVERY_SECONDS = 10;

  private final AuditSettings settings;
  private final Consumer<String> result;
  private final Consumer<String> progress;
  private final List<Balance> balances = new ArrayList<>();
  private final List<PartitionRecords> records = new ArrayList<>();
  private final List<Finding> general = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private final List<PartitionRecount> recounts = new ArrayList<>();
  private boolean whole = true;
  private boolean decisionsAreWhole;
  private RecountSettings told;

  /**
   * @param result takes the lines of the result
   * @param progress takes what it is doing
   */
  public Audit(AuditSettings settings, Consumer<String> result, Consumer<String> progress) {
    this.settings = settings;
    this.told = settings.told();
    this.result = result;
    this.progress = progress;
  }

  /**
   * Audits, once.
   *
   * @return 0 if the books balance, 1 if not, 2 if that cannot be told
   */
  public int run() throws InterruptedException {
    try (AuditedTopics topics = new AuditedTopics(settings.kafkaClient())) {
      List<String> missing =
          topics.missing(
              List.of(
                  settings.topics().spans().name(),
                  settings.ledgerTopic(),
                  settings.deadLettersTopic()));
      if (!missing.isEmpty()) {
        progress.accept("cannot audit: there is no topic " + String.join(", ", missing));
        return CANNOT;
      }
      audit(topics);
      comparePrometheus();
    } catch (KafkaException | IOException | IllegalStateException e) {
      progress.accept("cannot audit: " + e.getMessage());
      return CANNOT;
    }
    if (balances.isEmpty() && general.isEmpty()) {
      progress.accept("cannot audit: the ledger says nothing of the records that are still there");
      return CANNOT;
    }
    Report report = new Report(balances, records, general, remarks);
    if (settings.json()) {
      result.accept(report.json());
    } else {
      report.lines().forEach(result);
    }
    return report.isEqual() ? EQUAL : DIFFERENT;
  }

  private void audit(AuditedTopics topics) {
    String spans = settings.topics().spans().name();
    told = settings.recount(() -> Topics.haveProducersTime(settings.kafkaClient(), spans));
    decisionsAreWhole = topics.isWhole(settings.decisionsTopic());
    // what was committed before is in the ledger, or is missing there
    Map<Integer, Long> committed = topics.committed(settings.applicationId(), spans);
    Map<Integer, List<Entry>> ledger = topics.ledger(settings.ledgerTopic());
    boolean pairsApart = ledger.keySet().stream().anyMatch(number -> number < 0);
    Map<Integer, DeadLetters> letters = topics.deadLetters(settings.deadLettersTopic(), spans);
    boolean ledgerIsWhole =
        topics.partitions(settings.ledgerTopic()).stream()
            .allMatch(of -> topics.beginning(of) == 0);
    noteParted(ledger);
    // read after the ledger: what is in it was decided before
    Map<Integer, List<LoggedDecision>> decisions =
        topics.decisions(settings.decisionsTopic(), spans);
    for (TopicPartition partition : topics.partitions(spans)) {
      int number = partition.partition();
      List<Entry> entries = Optional.ofNullable(ledger.remove(number)).orElse(List.of());
      if (ledgerIsWhole && !pairsApart) {
        general.addAll(HalfEdgeBooks.findings(number, entries));
      }
      Scope scope =
          scope(topics, partition, entries, ledgerIsWhole, committed.getOrDefault(number, 0L));
      DeadLetters ofPartition = letters.getOrDefault(number, new DeadLetters(number, true));
      audit(
          topics,
          partition,
          new PartitionBooks(scope, entries, ofPartition),
          decisions.getOrDefault(number, List.of()));
    }
    ledger.keySet().removeIf(number -> number < 0); // of pairing, which reads no records
    ledger.forEach(
        (number, entries) ->
            general.add(
                new Finding(
                    "",
                    number,
                    -1,
                    -1,
                    "%d entries speak of a partition that %s does not have"
                        .formatted(entries.size(), spans))));
  }

  private void noteParted(Map<Integer, List<Entry>> ledger) {
    Map<String, Long> parted = new TreeMap<>();
    ledger.values().stream()
        .flatMap(List::stream)
        .filter(entry -> entry.parted() > 0)
        .forEach(entry -> parted.merge(entry.tenant(), entry.parted(), Long::sum));
    parted.forEach(
        (tenant, sides) ->
            remarks.add(
                "tenant %s: %d sides of calls were parted when partitions were added, and are in no edge"
                    .formatted(tenant, sides)));
  }

  private Scope scope(
      AuditedTopics topics,
      TopicPartition partition,
      List<Entry> entries,
      boolean ledgerIsWhole,
      long committed) {
    long logStart = topics.beginning(partition);
    long logEnd = topics.end(partition);
    long floor = ledgerIsWhole ? 0 : LedgerFloor.of(entries);
    long covered =
        Math.max(committed, entries.stream().mapToLong(Entry::last).max().orElse(-1) + 1);
    long asked =
        settings.from() instanceof Position.Beginning
            ? 0
            : topics.offset(partition, settings.from());
    long start = Math.max(Math.max(logStart, asked), Math.min(floor, covered));
    long end = Math.max(start, Math.min(topics.offset(partition, settings.to()), covered));
    whole &= start == 0 && settings.to() instanceof Position.End;
    if (start > asked) {
      remarks.add(
          "partition %d: offsets %d to %d are no longer in the log or the ledger"
              .formatted(partition.partition(), asked, start - 1));
    }
    if (settings.to() instanceof Position.End && covered < logEnd) {
      remarks.add(
          "partition %d: the ledger speaks of records to offset %d, the log ends before %d; what is behind is idle marks, or not committed yet"
              .formatted(partition.partition(), covered - 1, logEnd));
    }
    return new Scope(partition.partition(), start, end, logStart, logEnd, decisionsAreWhole);
  }

  private void audit(
      AuditedTopics topics,
      TopicPartition partition,
      PartitionBooks books,
      List<LoggedDecision> decisions) {
    Scope scope = books.scope();
    progress.accept(
        "recounting partition %d, offsets %d to %d"
            .formatted(scope.partition(), scope.start(), scope.end() - 1));
    PartitionRecount recount = new PartitionRecount(told, books, decisions);
    AtomicLong read = new AtomicLong();
    topics.spans(
        partition,
        scope.start(),
        scope.end(),
        record -> {
          read.incrementAndGet();
          recount.accept(record);
        });
    recount.decidedBefore(scope.end());
    recounts.add(recount);
    List<Balance> ofPartition = books.balances(told.serviceGraphs());
    records.add(
        new PartitionRecords(
            scope,
            read.get(),
            books.recountedRecords(),
            recount.withoutSpans(),
            books.deadLetters().within(scope)));
    ofPartition.stream()
        .filter(balance -> balance.cutEntries() > 0)
        .forEach(
            balance ->
                remarks.add(
                    "tenant %s, partition %d: %d entries reach over the borders and are not compared"
                        .formatted(
                            balance.tenant(), balance.scope().partition(), balance.cutEntries())));
    ofPartition.stream()
        .filter(balance -> balance.overriddenEntries() > 0)
        .forEach(
            balance ->
                remarks.add(
                    "tenant %s, partition %d: %d entries were made after settings had been changed; what was counted in them, and what took part in edges, is not decided again"
                        .formatted(
                            balance.tenant(),
                            balance.scope().partition(),
                            balance.overriddenEntries())));
    ofPartition.stream()
        .filter(balance -> balance.lost().records() > 0)
        .forEach(
            balance ->
                remarks.add(
                    "tenant %s, partition %d: the ledger has %d spans in %d records that are no longer in the log, in part at least"
                        .formatted(
                            balance.tenant(),
                            balance.scope().partition(),
                            balance.lost().received(),
                            balance.lost().records())));
    balances.addAll(ofPartition);
    general.addAll(books.deadLetters().findings(scope));
    if (books.deadLetters().poisonRecords() > 0) {
      remarks.add(
          "partition %d: %d records cannot be read and are in the dead letters"
              .formatted(scope.partition(), books.deadLetters().poisonRecords()));
    }
  }

  /** Only the whole log has the totals that Prometheus has. */
  private void comparePrometheus() throws IOException, InterruptedException {
    if (settings.prometheusUrl().isEmpty()) {
      return;
    }
    if (!whole) {
      remarks.add(
          "Prometheus is not asked: its totals count from the beginning of the log, which is not audited here");
      return;
    }
    long openFrom = recounts.stream().mapToLong(PartitionRecount::openFrom).min().orElse(0);
    long windowMillis = told.window().toMillis();
    long expected =
        recounts.stream()
            .flatMap(recount -> recount.countedByWindow().headMap(openFrom).values().stream())
            .mapToLong(Long::longValue)
            .sum();
    long first =
        recounts.stream()
            .mapToLong(PartitionRecount::firstMillis)
            .filter(millis -> millis >= 0)
            .min()
            .orElse(0);
    Duration range = Duration.ofMillis(openFrom * windowMillis - first).plusHours(1);
    PrometheusTotal prometheus = new PrometheusTotal(settings.prometheusUrl().get());
    OptionalDouble calls = prometheus.calls(openFrom * windowMillis, range);
    for (int i = 0; i < DELIVERY_SECONDS && calls.orElse(0) < (double) expected; i++) {
      Thread.sleep(1000); // samples of the last window may be on their way
      calls = prometheus.calls(openFrom * windowMillis, range);
    }
    if (calls.orElse(0) != (double) expected) {
      general.add(
          new Finding(
              "",
              -1,
              -1,
              -1,
              "Prometheus has %.0f calls where the log has %d; series that ended and began anew, or that Prometheus no longer has, explain fewer"
                  .formatted(calls.orElse(0), expected)));
    } else {
      remarks.add(
          "Prometheus has the same total: %,d calls in windows that ended by %s"
              .formatted(expected, java.time.Instant.ofEpochMilli(openFrom * windowMillis)));
    }
  }
}
