package dev.weir.schemas.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class GrowthMarkTest {
  @Test
  void shouldBeReadBack() {
    GrowthMark mark = new GrowthMark(4, 6);
    ProducerRecord<byte[], byte[]> record = mark.forPartition("spans", 3, new byte[] {'t'});

    assertThat(GrowthMark.of(record.headers())).hasValue(mark);
    assertThat(IdleMark.isIdleMark(record.headers())).isTrue();
    assertThat(record.partition()).isEqualTo(3);
    assertThat(record.value()).isEmpty();
  }

  @Test
  void shouldNotBeSeenInAPlainIdleMark() {
    assertThat(GrowthMark.of(IdleMark.forPartition("spans", 0, new byte[1]).headers())).isEmpty();
  }

  @Test
  void shouldIgnoreNonsense() {
    for (String text : new String[] {"", "4", "6 4", "4 4", "0 4", "a b", "4 6 8", "1 99999999"}) {
      Headers headers = new RecordHeaders().add("weir-partitions", text.getBytes(UTF_8));
      assertThat(GrowthMark.of(headers)).as(text).isEmpty();
    }
  }
}
