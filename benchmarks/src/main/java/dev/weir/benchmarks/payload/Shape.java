package dev.weir.benchmarks.payload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * What is measured: the spans, and the settings of the streams-app, and of Tempo to compare with.
 */
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

    @Override
    public String tempoOverrides() {
      return TEMPO_PROCESSORS;
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
          DIMENSIONS,
          "--span-metrics-target-info-enabled",
          "true",
          "--span-metrics-target-info-excluded-dimensions",
          TARGET_INFO_EXCLUDED,
          "--span-metrics-filter-policies",
          filters.toString(),
          "--service-graph-dimensions",
          EDGE_DIMENSIONS,
          "--service-graph-enable-client-server-prefix",
          "true");
    }

    @Override
    public String tempoOverrides() {
      return TEMPO_PROCESSORS
          + """
          processor:
            service_graphs:
              dimensions: [%s]
              enable_client_server_prefix: true
            span_metrics:
              dimensions: [%s]
              enable_target_info: true
              target_info_excluded_dimensions: [%s]
          %s"""
              .formatted(EDGE_DIMENSIONS, DIMENSIONS, TARGET_INFO_EXCLUDED, FILTERS.indent(4));
    }
  };

  private static final long SEED = 1;

  private static final String DIMENSIONS =
      "service.version,deployment.environment.name,k8s.namespace.name,host.name";
  private static final String TARGET_INFO_EXCLUDED =
      "telemetry.sdk.name,telemetry.sdk.language,telemetry.sdk.version";
  private static final String EDGE_DIMENSIONS = "k8s.namespace.name,deployment.environment.name";

  /** Which the streams-app has by default, and Tempo has not. */
  private static final String TEMPO_PROCESSORS = "processors: [service-graphs, span-metrics]\n";

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

  /**
   * The same for Tempo: YAML, lines of {@code metrics_generator} among its overrides. What is in
   * {@link #flags} must be here, too.
   */
  public abstract String tempoOverrides();

  /** The shape of that name, in lower case. */
  public static Shape of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }
}
