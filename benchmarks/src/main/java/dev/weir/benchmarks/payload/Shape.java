package dev.weir.benchmarks.payload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What is measured: the spans, and the settings of the streams-app. */
public enum Shape {
  /** Traces in one record, the streams-app's defaults. */
  STANDARD {
    @Override
    public Payload payload(Instant start, int instances) {
      return new StandardPayload(SEED, start, instances);
    }

    @Override
    public List<String> flags(Path directory) {
      return List.of();
    }
  },

  /**
   * Traces whose calls have their sides in different records; span metrics with four dimensions,
   * target info and filters, the service graph with two dimensions on each side.
   */
  PROD {
    @Override
    public Payload payload(Instant start, int instances) {
      return new SplitPayload(SEED, start, instances);
    }

    @Override
    public List<String> flags(Path directory) throws IOException {
      Path filters = directory.resolve("filters.yaml");
      Files.writeString(filters, FILTERS);
      return List.of(
          "--span-metrics-dimensions",
          "service.version,deployment.environment.name,k8s.namespace.name,host.name",
          "--span-metrics-target-info-enabled",
          "true",
          "--span-metrics-target-info-excluded-dimensions",
          "telemetry.sdk.name,telemetry.sdk.language,telemetry.sdk.version",
          "--span-metrics-filter-policies",
          filters.toString(),
          "--service-graph-dimensions",
          "k8s.namespace.name,deployment.environment.name",
          "--service-graph-enable-client-server-prefix",
          "true");
    }
  };

  private static final long SEED = 1;

  /** Everything passes, but nothing passes unseen. */
  private static final String FILTERS =
      """
      filter_policies:
        - include:
            match_type: regex
            attributes:
              - {key: kind, value: SPAN_KIND_(SERVER|CLIENT|PRODUCER|CONSUMER)}
          exclude:
            match_type: strict
            attributes:
              - {key: resource.span.metrics.skip, value: true}
        - exclude:
            match_type: strict
            attributes:
              - {key: kind, value: SPAN_KIND_SERVER}
              - {key: span.url.path, value: /healthz}
      """;

  /**
   * The spans; the same start and number of instances give the same bytes.
   *
   * @param start when the first span begins
   * @param instances processes of each service
   */
  public abstract Payload payload(Instant start, int instances);

  /** Flags of the streams-app; files that they name are written to {@code directory}. */
  public abstract List<String> flags(Path directory) throws IOException;

  /** The shape of that name, in lower case. */
  public static Shape of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }
}
