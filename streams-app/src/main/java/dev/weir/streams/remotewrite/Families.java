package dev.weir.streams.remotewrite;

import dev.weir.schemas.remotewrite.v1.MetricMetadata;
import dev.weir.schemas.remotewrite.v2.Metadata;
import dev.weir.schemas.remotewrite.v2.Request;
import dev.weir.schemas.remotewrite.v2.TimeSeries;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The metadata of a 2.0 request in the form of 1.0: once per metric family, which is what the
 * series of a histogram have in common, in order of first use.
 */
final class Families {
  private static final String NAME = "__name__";
  private static final List<String> PARTS = List.of("_bucket", "_count", "_sum");

  private Families() {}

  static Collection<MetricMetadata> of(Request request) {
    Map<String, MetricMetadata> families = new LinkedHashMap<>();
    for (TimeSeries series : request.getTimeseriesList()) {
      if (series.hasMetadata()) {
        String family = family(name(series, request), series);
        families.computeIfAbsent(family, name -> metadata(name, series.getMetadata(), request));
      }
    }
    return families.values();
  }

  private static String name(TimeSeries series, Request request) {
    for (int i = 0; i < series.getLabelsRefsCount(); i += 2) {
      if (request.getSymbols(series.getLabelsRefs(i)).equals(NAME)) {
        return request.getSymbols(series.getLabelsRefs(i + 1));
      }
    }
    return "";
  }

  /** A native histogram has no parts, so its name is the family's. */
  private static String family(String name, TimeSeries series) {
    return switch (series.getMetadata().getType()) {
      case METRIC_TYPE_HISTOGRAM, METRIC_TYPE_GAUGEHISTOGRAM, METRIC_TYPE_SUMMARY ->
          series.getHistogramsCount() > 0 ? name : withoutPart(name);
      default -> name;
    };
  }

  private static String withoutPart(String name) {
    return PARTS.stream()
        .filter(name::endsWith)
        .findFirst()
        .map(part -> name.substring(0, name.length() - part.length()))
        .orElse(name);
  }

  /** Both versions number the types alike. */
  private static MetricMetadata metadata(String family, Metadata metadata, Request request) {
    return MetricMetadata.newBuilder()
        .setTypeValue(metadata.getTypeValue())
        .setMetricFamilyName(family)
        .setHelp(request.getSymbols(metadata.getHelpRef()))
        .setUnit(request.getSymbols(metadata.getUnitRef()))
        .build();
  }
}
