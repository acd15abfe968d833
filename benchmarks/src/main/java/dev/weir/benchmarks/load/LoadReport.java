package dev.weir.benchmarks.load;

import com.google.gson.GsonBuilder;
import dev.weir.benchmarks.payload.SpansTopic.Filled;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The figures of a {@code load}.
 *
 * @param polls one for each repetition
 * @param apps one for each repetition; empty if the streams-app was not measured
 */
record LoadReport(Filled filled, int partitions, List<Measurement> polls, List<AppRun> apps) {
  LoadReport {
    polls = List.copyOf(polls);
    apps = List.copyOf(apps);
  }

  /** For people. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%nMedians of %d repetitions, %,d spans, %d partitions, JDK %s, %d CPUs%n"
            .formatted(
                polls.size(),
                filled.spans(),
                partitions,
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors()));
    text.append(
        "%-28s %10s %12s %10s %22s%n"
            .formatted("", "CPU s", "broker CPU s", "wall s", "M spans per core-second"));
    text.append(row("plain consumer", polls));
    if (!apps.isEmpty()) {
      text.append(row("streams-app, all read", reads()));
      text.append(row("streams-app, all delivered", deliveries()));
      text.append(row("streams-app, last two thirds", sustained()));
      text.append("CPU of streams-app (all read) / plain consumer: %.2f%n".formatted(ratio()));
      AppRun last = apps.get(apps.size() - 1);
      text.append(
          "Delivered in the last repetition: %,d label sets, %,d samples, %,d requests, %,d bytes%n"
              .formatted(last.labelSets(), last.samples(), last.requests(), last.requestBytes()));
    }
    return text.toString();
  }

  /** For programs: every repetition, and the medians. */
  String json() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("filled", filled);
    figures.put("partitions", partitions);
    figures.put("javaVersion", System.getProperty("java.version"));
    figures.put("cpus", Runtime.getRuntime().availableProcessors());
    figures.put("polls", polls);
    figures.put("apps", apps);
    figures.put("pollSpansPerCoreSecond", median(polls, Measurement::spansPerCoreSecond));
    if (!apps.isEmpty()) {
      figures.put("appSpansPerCoreSecond", median(reads(), Measurement::spansPerCoreSecond));
      figures.put(
          "appSustainedSpansPerCoreSecond", median(sustained(), Measurement::spansPerCoreSecond));
      figures.put("appToPollCpuRatio", ratio());
    }
    return new GsonBuilder().setPrettyPrinting().create().toJson(figures) + "\n";
  }

  private static String row(String name, List<Measurement> measurements) {
    return "%-28s %10.2f %12.2f %10.2f %22.3f%n"
        .formatted(
            name,
            median(measurements, Measurement::cpuSeconds),
            median(measurements, Measurement::brokerCpuSeconds),
            median(measurements, Measurement::wallSeconds),
            median(measurements, Measurement::spansPerCoreSecond) / 1e6);
  }

  /** Of the repetitions' own ratios: what slows a machine down for a while slows both down. */
  private double ratio() {
    double[] ratios = new double[apps.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = apps.get(i).read().cpuSeconds() / polls.get(i).cpuSeconds();
    }
    return median(ratios);
  }

  private List<Measurement> reads() {
    return apps.stream().map(AppRun::read).toList();
  }

  private List<Measurement> sustained() {
    return apps.stream().map(AppRun::sustained).toList();
  }

  private List<Measurement> deliveries() {
    return apps.stream().map(AppRun::delivered).toList();
  }

  private static double median(
      List<Measurement> measurements, ToDoubleFunction<Measurement> figure) {
    return median(measurements.stream().mapToDouble(figure).toArray());
  }

  private static double median(double[] figures) {
    double[] sorted = figures.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
