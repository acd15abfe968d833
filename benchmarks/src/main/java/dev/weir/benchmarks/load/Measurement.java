package dev.weir.benchmarks.load;

import java.time.Duration;

/**
 * What a process needed to do its work.
 *
 * @param spans spans that it read
 * @param cpuSeconds of the process, from its start
 * @param brokerCpuSeconds of the broker meanwhile
 * @param wallSeconds from the process's start
 */
record Measurement(long spans, double cpuSeconds, double brokerCpuSeconds, double wallSeconds) {

  static Measurement of(long spans, Duration cpu, Duration brokerCpu, Duration wall) {
    return new Measurement(spans, seconds(cpu), seconds(brokerCpu), seconds(wall));
  }

  /** What was needed since an earlier measurement. */
  Measurement minus(Measurement earlier) {
    return new Measurement(
        spans - earlier.spans,
        cpuSeconds - earlier.cpuSeconds,
        brokerCpuSeconds - earlier.brokerCpuSeconds,
        wallSeconds - earlier.wallSeconds);
  }

  double spansPerCoreSecond() {
    return spans / cpuSeconds;
  }

  double spansPerSecond() {
    return spans / wallSeconds;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
