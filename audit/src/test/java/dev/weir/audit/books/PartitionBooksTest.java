package dev.weir.audit.books;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PartitionBooksTest {
  private static final Scope SCOPE = new Scope(0, 0, 30, 0, 30, true);

  @Test
  void shouldBalanceWhenEveryRecordIsInAnEntryThatSaysTheSame() {
    assertThat(findings(entry(0, 9, 2, 20), entry(10, 29, 1, 5))).isEmpty();
  }

  @Test
  void shouldFindASpanThatTheLedgerMisses() {
    assertThat(findings(entry(0, 9, 2, 19), entry(10, 29, 1, 5)))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.text())
                    .contains("spans received: 19 in the ledger, 20 in the log"))
        .extracting(Finding::firstOffset)
        .isEqualTo(0L);
  }

  @Test
  void shouldFindASpanThatIsCountedTwice() {
    assertThat(findings(entry(0, 9, 2, 20), entry(10, 29, 1, 6)))
        .singleElement()
        .satisfies(finding -> assertThat(finding.text()).contains("6 in the ledger, 5 in the log"));
  }

  @Test
  void shouldFindEntriesThatOverlap() {
    assertThat(findings(entry(0, 9, 2, 20), entry(5, 29, 1, 5)))
        .extracting(Finding::text)
        .anyMatch(text -> text.contains("is not behind the one before it, which ends at offset 9"));
  }

  @Test
  void shouldFindRecordsThatAreInNoEntry() {
    assertThat(findings(entry(0, 9, 2, 20)))
        .extracting(Finding::text)
        .containsExactly("1 records with 5 spans are in no entry");
  }

  @Test
  void shouldFindCountsThatDoNotAddUp() {
    Entry entry =
        new Entry("t", 0, 0, 9, new Counts(2, 20, 19, 0, 0, 0, new TreeMap<>()), 0, 0, 0, 1);
    assertThat(findings(entry, entry(10, 29, 1, 5)))
        .extracting(Finding::text)
        .anyMatch(text -> text.contains("20 spans received are not 19 counted and 0 discarded"));
  }

  @Test
  void shouldCompareHalfEdgesWhateverElseWasFiltered() {
    TreeMap<String, Long> filtered = new TreeMap<>(Map.of("span_metrics_filtered", 5L));
    Entry entry = new Entry("t", 0, 0, 9, new Counts(2, 20, 15, 0, 0, 3, filtered), 0, 0, 0, 1);

    assertThat(findings(entry, entry(10, 29, 1, 5)))
        .extracting(Finding::text)
        .containsExactly("half edges: 3 in the ledger, 0 in the log");
  }

  @Test
  void shouldSayWhatRetentionTookAndWhatABorderCuts() {
    PartitionBooks books =
        new PartitionBooks(
            new Scope(0, 15, 25, 12, 30, true),
            List.of(entry(0, 9, 2, 20), entry(10, 17, 1, 5), entry(18, 22, 1, 6)),
            new DeadLetters(0, true));
    books.recount("t", 16, counts(1, 5));
    books.recount("t", 20, counts(1, 6));

    assertThat(books.balances(true))
        .singleElement()
        .satisfies(
            balance -> {
              assertThat(balance.findings()).isEmpty();
              assertThat(balance.lost().received()).isEqualTo(25);
              assertThat(balance.cutEntries()).isEqualTo(1);
              assertThat(balance.recounted().received()).isEqualTo(6);
            });
  }

  @Test
  void shouldNotDecideAgainWhatWasCountedUnderOtherSettings() {
    Counts fewer = new Counts(2, 20, 18, 0, 0, 0, new TreeMap<>(Map.of("invalid_utf8", 2L)));

    assertThat(findings(new Entry("t", 0, 0, 9, fewer, 0, 0, 0, 2), entry(10, 29, 1, 5))).isEmpty();
    assertThat(findings(new Entry("t", 0, 0, 9, fewer, 0, 0, 0, 1), entry(10, 29, 1, 5)))
        .hasSize(1);
  }

  /** Two records of ten spans at offsets 0 and 9, one of five at offset 20. */
  private static List<Finding> findings(Entry... entries) {
    PartitionBooks books = new PartitionBooks(SCOPE, List.of(entries), new DeadLetters(0, true));
    books.recount("t", 0, counts(1, 10));
    books.recount("t", 9, counts(1, 10));
    books.recount("t", 20, counts(1, 5));
    return books.balances(true).stream().flatMap(balance -> balance.findings().stream()).toList();
  }

  private static Entry entry(long first, long last, long records, long spans) {
    return new Entry("t", 0, first, last, counts(records, spans), 0, 0, 0, 1);
  }

  private static Counts counts(long records, long spans) {
    return new Counts(records, spans, spans, 0, 0, 0, new TreeMap<>());
  }
}
