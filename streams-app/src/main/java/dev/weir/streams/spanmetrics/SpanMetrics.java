package dev.weir.streams.spanmetrics;

import dev.weir.schemas.delta.MetricGroup;
import dev.weir.schemas.layout.ByteWriter;
import dev.weir.schemas.otlp.MalformedOtlpException;
import dev.weir.schemas.otlp.PerResource;
import dev.weir.schemas.otlp.ResourceView;
import dev.weir.schemas.otlp.SpanView;
import dev.weir.streams.filter.SpanFilter;
import dev.weir.streams.series.DeltaSink;
import dev.weir.streams.series.HistogramBounds;
import dev.weir.streams.series.InternedBytes;
import dev.weir.streams.series.LabelRules;
import dev.weir.streams.series.LabelsWriter;
import dev.weir.streams.series.SeriesTable;
import dev.weir.streams.series.SpanIds;
import dev.weir.streams.series.ValueRewriter;
import dev.weir.streams.weight.SpanWeights;
import dev.weir.streams.weight.Weight;
import dev.weir.streams.weight.WeightSettings;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Counts the spans of one tenant per operation, as Tempo's span-metrics processor does: calls,
 * latency and encoded size by service, span name, kind and status, or by other {@link Dimensions}.
 * The spans of a record are staged first and count only when the record was read to its end. Not
 * thread-safe.
 */
public final class SpanMetrics {
  private static final int SIZE = 1;
  private static final int LATENCY = 0;

  private final SeriesTable table;
  private final HistogramBounds bounds;
  private final LabelsWriter labels;
  private final IntrinsicValues intrinsics;
  private final SpanFilter filter;
  private final DimensionValues dimensions;
  private final TargetInfo targetInfo;
  private final boolean tellsTarget;
  private final SpanLabels spanLabels;
  private final WeightSettings weightSettings;
  private final SpanWeights weights;
  private final Weight weight = new Weight();
  private final boolean hasExemplars;
  private final SpanIds ids = new SpanIds();
  private final ByteWriter key = new ByteWriter(256);
  private final InternedBytes resourceKeys = new InternedBytes();
  private final PerResource<ResourcePart> resources;
  private ResourcePart resourcePart;
  private @Nullable ResourceView resource;
  private boolean isDescribed;

  private int[] stagedEntries = new int[512];
  private long[] stagedNanos = new long[512];
  private int[] stagedSizes = new int[512];
  private double[] stagedWeights = new double[0]; // likewise if there are weights
  private int[] stagedBuckets = new int[512];
  private int[] stagedInfos = new int[0]; // has room only if targets are told
  private int staged;
  private int stagedFiltered;

  // of the staged spans, those that may become exemplars: few, as most do not go first
  private int[] candidates = new int[16];
  private long[] candidateIds = new long[16 * SpanIds.STORED];
  private int candidateCount;
  private long invalid;
  private long filtered;

  /** What is the same for all spans of a resource. */
  private static final class ResourcePart {
    private final DimensionValues.OfResource dimensions;

    /** The number of what tells its spans from those of others; the first part of their keys. */
    private int key;

    private int info = TargetInfo.NOTHING;

    ResourcePart(DimensionValues.OfResource dimensions) {
      this.dimensions = dimensions;
    }
  }

  /** Span metrics whose values of labels stay what they are. */
  public SpanMetrics(byte[] tenant, SpanMetricsSettings settings, int shards, LabelRules rules) {
    this(tenant, settings, shards, rules, ValueRewriter.NOTHING);
  }

  /**
   * @param shards how many shards label sets are spread over
   * @param rules what labels are allowed to be
   * @param rewriter replaces values of labels, but not of those that tell of targets
   */
  public SpanMetrics(
      byte[] tenant,
      SpanMetricsSettings settings,
      int shards,
      LabelRules rules,
      ValueRewriter rewriter) {
    this.bounds = settings.bounds();
    this.table =
        new SeriesTable(
            tenant, MetricGroup.SPAN_METRICS, settings.series(), bounds.buckets(), shards);
    this.labels = new LabelsWriter(rules, rewriter);
    this.intrinsics = new IntrinsicValues(settings.dimensions().intrinsics(), rules.values());
    this.filter = new SpanFilter(settings.filter());
    this.dimensions = new DimensionValues(settings.dimensions(), rules.values());
    this.tellsTarget = settings.targetInfo().enabled();
    this.targetInfo =
        new TargetInfo(
            tenant,
            settings.targetInfo(),
            bounds.buckets(),
            shards,
            rules,
            new LabelsWriter(rules));
    this.weightSettings = settings.series().weights();
    this.weights = new SpanWeights(weightSettings);
    this.hasExemplars = settings.series().hasExemplars();
    this.spanLabels = spanLabels(settings, rules);
    this.resourcePart = new ResourcePart(dimensions.newOfResource());
    this.resources =
        new PerResource<>(
            () -> new ResourcePart(dimensions.newOfResource()), this::makeResourcePart);
  }

  private SpanLabels spanLabels(SpanMetricsSettings settings, LabelRules rules) {
    SpanLabels.Builder builder = new SpanLabels.Builder(rules);
    Dimensions told = settings.dimensions();
    told.intrinsics()
        .forEach(intrinsic -> builder.add(intrinsic.label(), intrinsics.of(intrinsic)));
    told.attributes().forEach(key -> builder.add(settings.label(key), dimension(settings, key)));
    told.mappings()
        .forEach(mapping -> builder.add(settings.label(mapping.name()), dimensions.of(mapping)));
    if (tellsTarget) {
      builder.add(TargetInfo.JOB, (value, span) -> append(targetInfo.target().job(), value));
      builder.add(
          TargetInfo.INSTANCE, (value, span) -> append(targetInfo.target().instance(), value));
    }
    return builder.build();
  }

  /** One that decides about its label even if a span does not have it hides those before it. */
  private LabelSource dimension(SpanMetricsSettings settings, String key) {
    LabelSource source = dimensions.of(key);
    return settings.lastDimensionDecides()
        ? (value, span) -> {
          source.appendTo(value, span);
          return true;
        }
        : source;
  }

  private static boolean append(ByteWriter text, ByteWriter value) {
    value.raw(text.bytes(), 0, text.length());
    return text.length() > 0;
  }

  /**
   * The resource of the spans that follow, all of which one reader shows.
   *
   * @throws MalformedOtlpException if an attribute of it is broken
   */
  public void resource(ResourceView resource) throws MalformedOtlpException {
    this.resource = resource;
    isDescribed = false;
    resourcePart = resources.of(resource);
    dimensions.resource(resourcePart.dimensions);
    if (weightSettings.enabled()) {
      weights.resource(resource);
    }
    filter.resource(resource);
  }

  private void makeResourcePart(ResourceView resource, ResourcePart into)
      throws MalformedOtlpException {
    describe(resource);
    intrinsics.appendResource(key.truncate(0));
    dimensions.find(resource, into.dimensions, key);
    if (tellsTarget) {
      into.info = targetInfo.entry(resource);
      targetInfo.target().appendTo(key);
    }
    into.key = resourceKeys.number(key.bytes(), 0, key.length());
  }

  /** Finds what only the labels of new entries need. */
  private void describe(ResourceView resource) throws MalformedOtlpException {
    if (!isDescribed) {
      intrinsics.resource(resource);
      if (tellsTarget) {
        targetInfo.target().resource(resource);
      }
      isDescribed = true;
    }
  }

  /** Stages a span of that resource. */
  public void span(SpanView span) throws MalformedOtlpException {
    if (!filter.accepts(span)) {
      stagedFiltered++;
      return;
    }
    intrinsics.span(span, key.truncate(0).uvarint(resourcePart.key));
    if (!dimensions.isEmpty()) {
      dimensions.span(span, key);
    }
    intrinsics.spanName(span, key);
    int entry = table.find(key.bytes(), 0, key.length());
    if (entry < 0) {
      describe(Objects.requireNonNull(resource));
      entry = table.insert(key.bytes(), 0, key.length(), spanLabels.write(span, labels));
    }
    if (staged == stagedEntries.length) {
      grow();
    }
    stagedEntries[staged] = entry;
    long nanos = span.durationNanos();
    int bucket = bounds.bucketOf(nanos);
    stagedNanos[staged] = nanos;
    stagedBuckets[staged] = bucket;
    stagedSizes[staged] = span.length();
    if (tellsTarget) {
      stageInfo();
    }
    if (weightSettings.enabled()) {
      stageWeight(weights.of(span));
    }
    if (hasExemplars) {
      stageCandidate(span, entry, bucket);
    }
    staged++;
  }

  private void stageInfo() {
    if (staged >= stagedInfos.length) {
      stagedInfos = Arrays.copyOf(stagedInfos, stagedEntries.length);
    }
    stagedInfos[staged] = resourcePart.info;
  }

  private void stageWeight(double told) {
    if (staged >= stagedWeights.length) {
      stagedWeights = Arrays.copyOf(stagedWeights, stagedEntries.length);
    }
    stagedWeights[staged] = told > 0 ? told : 1;
  }

  private void stageCandidate(SpanView span, int entry, int bucket) {
    ids.set(
        span.buffer(),
        span.traceIdOffset(),
        span.traceIdLength(),
        span.spanIdOffset(),
        span.spanIdLength(),
        span.endUnixNanos());
    if (!table.couldTakeExemplar(entry, LATENCY, bucket, ids)) {
      return;
    }
    if (candidateCount == candidates.length) {
      candidates = Arrays.copyOf(candidates, candidateCount * 2);
      candidateIds = Arrays.copyOf(candidateIds, candidates.length * SpanIds.STORED);
    }
    candidates[candidateCount] = staged;
    ids.store(candidateIds, candidateCount * SpanIds.STORED);
    candidateCount++;
  }

  /** Counts what was staged. */
  public void apply() {
    for (int i = 0; i < staged; i++) {
      int entry = stagedEntries[i];
      if (table.isWellFormed(entry)) {
        if (weightSettings.enabled()) {
          countWeighted(i);
        } else {
          count(i);
        }
        if (tellsTarget) {
          targetInfo.apply(stagedInfos[i]);
        }
      } else {
        invalid++;
      }
    }
    offerCandidates();
    filtered += stagedFiltered;
    discard();
  }

  private void count(int index) {
    int entry = stagedEntries[index];
    long nanos = stagedNanos[index];
    table.count(entry);
    table.add(entry, SIZE, stagedSizes[index]);
    table.observe(entry, LATENCY, nanos, stagedBuckets[index]);
  }

  private void countWeighted(int index) {
    int entry = stagedEntries[index];
    long nanos = stagedNanos[index];
    weight.set(stagedWeights[index]);
    table.count(entry, weight);
    table.observe(entry, LATENCY, nanos, stagedBuckets[index], weight);
    if (!weightSettings.ofSize()) {
      weight.set(1);
    }
    table.add(entry, SIZE, stagedSizes[index], weight);
  }

  private void offerCandidates() {
    for (int i = 0; i < candidateCount; i++) {
      int index = candidates[i];
      int entry = stagedEntries[index];
      if (table.isWellFormed(entry)) {
        ids.restore(candidateIds, i * SpanIds.STORED);
        table.exemplar(entry, LATENCY, stagedNanos[index], stagedBuckets[index], ids);
      }
    }
  }

  /** Forgets what was staged. */
  public void discard() {
    staged = 0;
    candidateCount = 0;
    stagedFiltered = 0;
  }

  /** Whether anything was counted since the last drain. */
  public boolean isTouched() {
    return table.isTouched();
  }

  /** Hands over all amounts since the last drain. */
  public void drain(DeltaSink sink) {
    table.drain(sink);
    targetInfo.table().drain(sink);
  }

  /** Forgets all keys if they take more than {@code maxBytes}; to be called right after a drain. */
  public void forgetIfLargerThan(int maxBytes) {
    long bytes = (long) table.bytes() + targetInfo.table().bytes() + resourceKeys.bytes();
    if (bytes > maxBytes && !isTouched()) {
      table.forget();
      targetInfo.table().forget();
      resourceKeys.clear();
      resources.forget();
    }
  }

  /** Spans that were not counted since the last call, because a label of theirs is not UTF-8. */
  public long takeInvalid() {
    long taken = invalid;
    invalid = 0;
    return taken;
  }

  /** Spans that were not counted since the last call, because the filter said so. */
  public long takeFiltered() {
    long taken = filtered;
    filtered = 0;
    return taken;
  }

  private void grow() {
    int capacity = staged * 2;
    stagedEntries = Arrays.copyOf(stagedEntries, capacity);
    stagedNanos = Arrays.copyOf(stagedNanos, capacity);
    stagedBuckets = Arrays.copyOf(stagedBuckets, capacity);
    stagedSizes = Arrays.copyOf(stagedSizes, capacity);
  }
}
