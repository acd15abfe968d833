package dev.weir.streams.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.schemas.remotewrite.v1.WriteRequest;
import dev.weir.schemas.remotewrite.v2.Metadata;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.streams.Golden;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

  @ParameterizedTest
  @EnumSource(RemoteWriteVersion.class)
  void shouldSendWhatAnEarlierReleasePutIntoTheOutbox(RemoteWriteVersion version) throws Exception {
    var old =
        new ConsumerRecord<>(
            "weir.samples", 0, 7, new byte[] {'t'}, Golden.bytes("sample-batch-v1.hex"));

    byte[] sent = version.encode(OutboxRecord.of(old).request());

    assertThat(
            version == RemoteWriteVersion.V1
                ? Requests.plain(WriteRequest.parseFrom(sent))
                : Requests.plain(Request.parseFrom(sent)))
        .hasSize(36)
        .containsSubsequence(
            "series {__name__=traces_service_graph_request_total, client=a, server=b}",
            "sample 0@10000",
            "sample 4008000000000000@20000",
            "exemplar 3fd0000000000000@15000"
                + "{span_id=000000000000000c, traceID=00000000000000000000000000000a1b}",
            "sample 7ff0000000000002@20000");
  }

  @Test
  void shouldSayOncePerFamilyWhatItIs() {
    Requests.Builder builder = new Requests.Builder();
    for (String name : List.of("d_bucket", "d_count", "d_sum", "calls_total", "calls_total")) {
      builder
          .series(name)
          .addSamples(Requests.sample(5, 1))
          .getMetadataBuilder()
          .setType(
              name.startsWith("d_")
                  ? Metadata.MetricType.METRIC_TYPE_HISTOGRAM
                  : Metadata.MetricType.METRIC_TYPE_COUNTER)
          .setHelpRef(builder.symbol("help"));
    }
    builder.series("unknown").addSamples(Requests.sample(5, 1));

    assertThat(Transcoder.toV1(builder.build()).getMetadataList())
        .extracting(m -> m.getMetricFamilyName() + " " + m.getType() + " " + m.getHelp())
        .containsExactly("d HISTOGRAM help", "calls_total COUNTER help");
  }
}
