package dev.weir.streams.outbox;

/**
 * What users may say about the names and labels of all samples.
 *
 * @param hostInfo name of the metric that tells hosts
 * @param external labels that every series gets in the end
 */
public record SampleNaming(String hostInfo, ExternalLabels external) {

  /** What Tempo calls the hosts. */
  public static final String DEFAULT_HOST_INFO = "traces_host_info";

  /** Tempo's names, and no labels beyond a series' own. */
  public static final SampleNaming DEFAULT =
      new SampleNaming(DEFAULT_HOST_INFO, ExternalLabels.NONE);
}
