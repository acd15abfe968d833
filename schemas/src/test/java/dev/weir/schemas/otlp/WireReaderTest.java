package dev.weir.schemas.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireReaderTest {
  private final WireReader reader = new WireReader();

  @Test
  void shouldSkipWhatFollowsTheTag() throws Exception {
    reader.reset(new byte[] {0x0A, 3, 1, 2, 3, 0x10, 7}, 0, 7);

    reader.skip(reader.readTag());

    assertThat(reader.position()).isEqualTo(5);
    assertThat(reader.readTag()).isEqualTo(2 << 3);
    assertThat(reader.readVarint()).isEqualTo(7);
    assertThat(reader.hasMore()).isFalse();
  }

  /** The bytes behind the slice would complete every one of these. */
  @ParameterizedTest
  @ValueSource(ints = {0x08, 0x09, 0x0A, 0x0D})
  void shouldNotReadBehindItsSlice(int tag) throws Exception {
    byte[] bytes = {1, 1, 1, (byte) tag, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    reader.reset(bytes, 3, 1);
    int read = reader.readTag();

    assertThatThrownBy(() -> reader.skip(read)).isInstanceOf(MalformedOtlpException.class);
  }

  @Test
  void shouldNotLetANestedMessageReachBeyondTheOneAroundIt() throws Exception {
    byte[] bytes = {0x0A, 3, 0x12, 2, 1, 1, 1, 1};
    reader.reset(bytes, 0, 6);
    assertThat(reader.readTag()).isEqualTo(0x0A);
    int outer = reader.enter();
    assertThat(reader.readTag()).isEqualTo(0x12);

    assertThatThrownBy(reader::enter)
        .isInstanceOf(MalformedOtlpException.class)
        .hasMessage("length 2 exceeds the 1 bytes that are left at byte 3");
    assertThat(outer).isEqualTo(6);
  }

  @Test
  void shouldReadTheLongestVarintAndRefuseALongerOne() throws Exception {
    byte[] longest = {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
    reader.reset(longest, 0, longest.length);
    assertThat(reader.readVarint()).isEqualTo(-1);

    byte[] longer = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
    reader.reset(longer, 0, longer.length);
    assertThatThrownBy(reader::readVarint).hasMessage("varint longer than 10 bytes at byte 0");
  }

  @ParameterizedTest
  @ValueSource(bytes = {0x00, 0x01, 0x0B, 0x0C, 0x0E, 0x0F})
  void shouldRefuseTagsThatNoFieldOfOtlpHas(byte tag) {
    reader.reset(new byte[] {tag, 0, 0, 0, 0, 0, 0, 0, 0}, 0, 9);

    assertThatThrownBy(reader::readTag).isInstanceOf(MalformedOtlpException.class);
  }

  @Test
  void shouldRefuseANegativeLength() {
    reader.reset(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1, 0, 0}, 0, 12);

    assertThatThrownBy(reader::readLength).hasMessage("negative length -1 at byte 0");
  }
}
