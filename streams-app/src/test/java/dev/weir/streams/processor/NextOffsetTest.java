package dev.weir.streams.processor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class NextOffsetTest {
  private final KeyValueStore<Bytes, byte[]> store = Stores.inMemoryKeyValueStore("state").get();
  private NextOffset offsets = new NextOffset(store);

  @Test
  void shouldTellTopicsApart() {
    assertThat(offsets.isRepeated(at("a", 7))).isFalse();
    assertThat(offsets.isRepeated(at("b", 0))).isFalse();

    assertThat(offsets.isRepeated(at("a", 7))).isTrue();
    assertThat(offsets.isRepeated(at("b", 1))).isFalse();
  }

  @Test
  void shouldKnowWhatWasDealtWithBeforeTheCommitOnly() {
    offsets.isRepeated(at("a", 7));
    offsets.flush();
    offsets.isRepeated(at("a", 8));
    offsets = new NextOffset(store);

    assertThat(offsets.isRepeated(at("a", 7))).isTrue();
    assertThat(offsets.isRepeated(at("a", 8))).isFalse();
  }

  @Test
  void shouldKnowItsKeys() {
    offsets.isRepeated(at("a", 7));
    offsets.flush();

    try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
      assertThat(NextOffset.isKey(all.next().key.get())).isTrue();
    }
    assertThat(NextOffset.isKey(new byte[] {0})).isFalse();
    assertThat(NextOffset.isKey("\0\1tenant".getBytes(UTF_8))).isFalse();
  }

  private static RecordMetadata at(String topic, long offset) {
    return new RecordMetadata() {
      @Override
      public String topic() {
        return topic;
      }

      @Override
      public int partition() {
        return 0;
      }

      @Override
      public long offset() {
        return offset;
      }
    };
  }
}
