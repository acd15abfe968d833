package dev.weir.benchmarks;

import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the JMH benchmarks of this jar. */
final class JmhCommand {
  private JmhCommand() {}

  static void run(List<String> patterns) throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    patterns.forEach(options::include);
    options.addProfiler(GCProfiler.class).shouldFailOnError(true);
    new Runner(options.build()).run();
  }
}
