package dev.weir.distributor.config;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import dev.weir.app.topics.TopicSettings;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/**
 * The distributor's settings.
 *
 * @param topics where spans go
 * @param host address that both receivers listen on
 * @param grpcPort 0 takes a free one
 * @param httpPort 0 takes a free one
 * @param maxRequestBytes largest decoded request
 * @param maxInflightBytes of all requests that are not answered yet
 * @param producer how records are produced
 */
public record DistributorSettings(
    TopicSettings topics,
    String host,
    int grpcPort,
    int httpPort,
    int maxRequestBytes,
    long maxInflightBytes,
    ProducerSettings producer) {
  /** Setting: port of OTLP over gRPC. */
  public static final String GRPC_PORT = "otlp.grpc.port";

  /** Setting: port of OTLP over HTTP. */
  public static final String HTTP_PORT = "otlp.http.port";

  private static final String HOST = "otlp.host";
  private static final String MAX_REQUEST_SIZE = "otlp.max.request.size";
  private static final String MAX_INFLIGHT_SIZE = "otlp.max.inflight.size";

  public DistributorSettings {
    // a request is there twice for a moment: as it came, and as records
    if (maxInflightBytes < 3L * maxRequestBytes) {
      throw new InvalidSettingsException(
          "%s (%d) must be at least three times %s (%d)"
              .formatted(MAX_INFLIGHT_SIZE, maxInflightBytes, MAX_REQUEST_SIZE, maxRequestBytes));
    }
  }

  /** Adds these settings to {@code definition}. */
  public static ConfigDef define(ConfigDef definition) {
    ConfigDef.Range port = ConfigDef.Range.between(0, 65535);
    return ProducerSettings.define(
        TopicSettings.define(definition)
            .define(
                HOST,
                ConfigDef.Type.STRING,
                "0.0.0.0",
                new ConfigDef.NonEmptyString(),
                Importance.MEDIUM,
                "Address that spans are accepted on.")
            .define(
                GRPC_PORT,
                ConfigDef.Type.INT,
                4317,
                port,
                Importance.HIGH,
                "Port of OTLP over gRPC; 0 takes a free one.")
            .define(
                HTTP_PORT,
                ConfigDef.Type.INT,
                4318,
                port,
                Importance.HIGH,
                "Port of OTLP over HTTP, protobuf at /v1/traces; 0 takes a free one.")
            .define(
                MAX_REQUEST_SIZE,
                ConfigDef.Type.INT,
                20 << 20,
                ConfigDef.Range.between(1024, 256 << 20),
                Importance.MEDIUM,
                "Largest request in bytes, after decompression; larger ones are refused.")
            .define(
                MAX_INFLIGHT_SIZE,
                ConfigDef.Type.LONG,
                256L << 20,
                ConfigDef.Range.atLeast(1L << 20),
                Importance.MEDIUM,
                "Bytes of all requests that wait for Kafka; beyond it clients are told to try"
                    + " again."));
  }

  /** Reads these settings. */
  public static DistributorSettings from(Settings settings) {
    return new DistributorSettings(
        TopicSettings.from(settings),
        settings.string(HOST),
        settings.integer(GRPC_PORT),
        settings.integer(HTTP_PORT),
        settings.integer(MAX_REQUEST_SIZE),
        settings.longInteger(MAX_INFLIGHT_SIZE),
        ProducerSettings.from(settings));
  }
}
