package dev.weir.streams.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.remotewrite.v1.WriteRequest;
import dev.weir.schemas.remotewrite.v2.Request;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TranscoderTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldSayTheSameInVersion1ToTheLastBit(long seed) throws Exception {
    Request request = Requests.random(new Random(seed), 40);

    WriteRequest onTheWire = WriteRequest.parseFrom(RemoteWriteVersion.V1.encode(request));

    assertThat(Requests.plain(onTheWire)).isEqualTo(Requests.plain(request));
    assertThat(onTheWire.getUnknownFields().asMap()).isEmpty();
  }
}
