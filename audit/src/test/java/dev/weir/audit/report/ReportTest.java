package dev.weir.audit.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.audit.books.Counts;
import dev.weir.audit.books.Finding;
import dev.weir.audit.books.PartitionBooks.Balance;
import dev.weir.audit.books.Scope;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Scope FIRST = new Scope(0, 0, 60, 0, 60, true);
  private static final Scope SECOND = new Scope(1, 5, 20, 0, 30, true);

  @Test
  void shouldSayOneLineATenantAndOneAPartition() {
    Report report =
        new Report(
            List.of(balance(FIRST), balance(SECOND)),
            List.of(new PartitionRecords(FIRST, 10, 7, 2, 1)),
            List.of(),
            List.of("something"));

    assertThat(report.isEqual()).isTrue();
    assertThat(report.lines())
        .containsExactly(
            "tenant a: equal, 20 spans in 4 records, 18 counted, 2 late, 0 ahead, discarded"
                + " {invalid_utf8=2}; partition 0 offsets 0 to 59, partition 1 offsets 5 to 19",
            "partition 0 offsets 0 to 59: equal, 10 records: 7 with spans, 2 without, 1 dead letters",
            "note: something");
  }

  @Test
  void shouldFindRecordsThatAreNoneOfThese() {
    Report report =
        new Report(
            List.of(balance(FIRST)),
            List.of(new PartitionRecords(FIRST, 10, 7, 2, 0)),
            List.of(),
            List.of());

    assertThat(report.isEqual()).isFalse();
    assertThat(report.lines()).anyMatch(line -> line.contains(": different, 10 records"));
  }

  @Test
  void shouldSayTheSameForPrograms() throws Exception {
    Finding finding = new Finding("a", 1, 7, 9, "what is wrong");
    Balance different =
        new Balance("a", SECOND, Counts.NONE, counts(), Counts.NONE, 0, 0, List.of(finding));
    Report report =
        new Report(
            List.of(balance(FIRST), different),
            List.of(new PartitionRecords(FIRST, 10, 7, 2, 1)),
            List.of(new Finding("", 0, 3, 3, "a letter")),
            List.of("a note"));

    JsonNode json = new ObjectMapper().readTree(report.json());

    assertThat(json.at("/equal").asBoolean()).isFalse();
    assertThat(json.at("/tenants/0/tenant").asText()).isEqualTo("a");
    assertThat(json.at("/tenants/0/received").asLong()).isEqualTo(20);
    assertThat(json.at("/tenants/0/discarded/invalid_utf8").asLong()).isEqualTo(2);
    assertThat(json.at("/tenants/0/partitions/1/from").asLong()).isEqualTo(5);
    assertThat(json.at("/tenants/0/differences/0").asText())
        .isEqualTo("partition 1, offsets 7 to 9: what is wrong");
    assertThat(json.at("/partitions/0/deadLetters").asLong()).isEqualTo(1);
    assertThat(json.at("/differences/0").asText())
        .isEqualTo("partition 0, offsets 3 to 3: a letter");
    assertThat(json.at("/notes/0").asText()).isEqualTo("a note");
  }

  private static Balance balance(Scope scope) {
    return new Balance("a", scope, counts(), counts(), Counts.NONE, 0, 0, List.of());
  }

  private static Counts counts() {
    return new Counts(2, 10, 9, 1, 0, 0, new TreeMap<>(Map.of("invalid_utf8", 1L)));
  }
}
