package dev.weir.benchmarks.load;

import com.google.gson.GsonBuilder;
import dev.weir.benchmarks.payload.SpansTopic.Filled;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The figures of a {@code load}.
 *
 * @param polls one for each repetition
 * @param apps one for each repetition; empty if the streams-app was not measured
 * @param tempos one for each repetition; empty if Tempo was not measured
 */
record LoadReport(
    Filled filled,
    int partitions,
    List<Measurement> polls,
    List<AppRun> apps,
    List<AppRun> tempos) {
  LoadReport {
    polls = List.copyOf(polls);
    apps = List.copyOf(apps);
    tempos = List.copyOf(tempos);
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
      text.append(row("streams-app, all read", each(apps, AppRun::read)));
      text.append(row("streams-app, all delivered", each(apps, AppRun::delivered)));
      text.append(row("streams-app, last two thirds", each(apps, AppRun::sustained)));
    }
    if (!tempos.isEmpty()) {
      text.append(row("tempo, all read", each(tempos, AppRun::read)));
      text.append(row("tempo, last two thirds", each(tempos, AppRun::sustained)));
    }
    if (!apps.isEmpty()) {
      text.append("CPU of streams-app (all read) / plain consumer: %.2f%n".formatted(ratio()));
      AppRun last = apps.get(apps.size() - 1);
      text.append(
          "Delivered in the last repetition: %,d label sets, %,d samples, %,d requests, %,d bytes%n"
              .formatted(last.labelSets(), last.samples(), last.requests(), last.requestBytes()));
    }
    if (isComparison()) {
      text.append(
          "Spans per core-second of streams-app / tempo: %.2f (all read), %.2f (last two thirds)%n"
              .formatted(toTempo(AppRun::read), toTempo(AppRun::sustained)));
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
    figures.put("tempos", tempos);
    figures.put("pollSpansPerCoreSecond", median(polls, Measurement::spansPerCoreSecond));
    if (!apps.isEmpty()) {
      putSpansPerCoreSecond("app", apps, figures);
      figures.put("appToPollCpuRatio", ratio());
    }
    if (!tempos.isEmpty()) {
      putSpansPerCoreSecond("tempo", tempos, figures);
    }
    if (isComparison()) {
      figures.put("appToTempoRatio", toTempo(AppRun::read));
      figures.put("appToTempoSustainedRatio", toTempo(AppRun::sustained));
    }
    return new GsonBuilder().setPrettyPrinting().create().toJson(figures) + "\n";
  }

  private static void putSpansPerCoreSecond(
      String program, List<AppRun> runs, Map<String, Object> figures) {
    figures.put(
        program + "SpansPerCoreSecond",
        median(each(runs, AppRun::read), Measurement::spansPerCoreSecond));
    figures.put(
        program + "SustainedSpansPerCoreSecond",
        median(each(runs, AppRun::sustained), Measurement::spansPerCoreSecond));
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

  private boolean isComparison() {
    return !apps.isEmpty() && !tempos.isEmpty();
  }

  /** How many spans the streams-app reads with the CPU time that one of Tempo's takes. */
  private double toTempo(Function<AppRun, Measurement> part) {
    double[] ratios = new double[apps.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] =
          part.apply(apps.get(i)).spansPerCoreSecond()
              / part.apply(tempos.get(i)).spansPerCoreSecond();
    }
    return median(ratios);
  }

  private static List<Measurement> each(List<AppRun> runs, Function<AppRun, Measurement> part) {
    return runs.stream().map(part).toList();
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
