package dev.weir.streams.merge;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.streams.overrides.SettingsByWindow;
import dev.weir.streams.overrides.TenantSettings;
import dev.weir.streams.series.BucketLayout;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.NativeSettings;
import dev.weir.streams.series.SeriesSettings;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which buckets the growth of a tenant's label sets has in a window. Remembers what was asked last.
 * Not thread-safe.
 */
final class BucketsByWindow {
  private final SettingsByWindow settings;
  private final Layouts layouts;
  private byte[] tenant = new byte[0];
  private long window = -1;
  private @Nullable Answer answer;

  private record Answer(Buckets spanMetrics, Buckets serviceGraph) {}

  /**
   * @param layout the number of the layout of label sets that have never had others
   * @param natives how fine native histograms are
   */
  record Buckets(HistogramBounds bounds, int layout, NativeSettings natives) {}

  BucketsByWindow(SettingsByWindow settings, Layouts layouts) {
    this.settings = settings;
    this.layouts = layouts;
  }

  Buckets at(byte[] ofTenant, long inWindow, MetricGroup group) {
    Answer known = answer;
    if (known == null || inWindow != window || !Arrays.equals(ofTenant, tenant)) {
      TenantSettings effective =
          settings.at(new String(ofTenant, StandardCharsets.UTF_8), inWindow).settings();
      known =
          new Answer(
              buckets(effective.spanMetrics().bounds(), effective.spanMetrics().series()),
              buckets(effective.serviceGraph().bounds(), effective.serviceGraph().series()));
      answer = known;
      window = inWindow;
      tenant = ofTenant;
    }
    return group.bucketsOf() == MetricGroup.SPAN_METRICS
        ? known.spanMetrics()
        : known.serviceGraph();
  }

  private Buckets buckets(HistogramBounds bounds, SeriesSettings series) {
    return new Buckets(bounds, layouts.numberOf(BucketLayout.of(bounds)), series.natives());
  }
}
