package dev.weir.streams.overrides;

import dev.weir.streams.overrides.OverridesVersion.Source;
import dev.weir.streams.rewrite.LabelRewrites;
import dev.weir.streams.rewrite.RewriteHistory;
import dev.weir.streams.rewrite.RewriteSettings;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All versions there are, and from which window on each is in force: the second one after that in
 * which it was appended (or later, by as much as spans may be ahead of the broker's clock), and not
 * before its predecessor. So it is a function of the log alone, and nobody has got there yet when
 * it is appended. The first version of all is in force from the beginning of time if it is the
 * base. Thread-safe.
 *
 * <p>A tenant's fields come from the first of these that says something of them: a user, the file's
 * entry of the tenant, its entry for any tenant, its defaults, the base. Layers that are valid by
 * themselves may be invalid together, when one below another has changed: then the uppermost are
 * left out, as few as it takes.
 */
public final class Versions {
  /** How many windows after its own a version comes into force. */
  public static final int WINDOWS_AHEAD = 2;

  private static final int KEPT = 4096;

  private final long windowMillis;
  private final TenantSettings process;
  private final boolean ignoresBase;
  private final Map<Scope, TreeMap<Long, Layer>> layers = new HashMap<>();
  private final Map<List<Long>, EffectiveSettings> resolved = new Recent();
  private final Map<String, RewriteHistory> learned = new TreeMap<>();
  private long number;
  private long effectiveFrom;

  /** What Tempo takes from the defaults even where a tenant's entry takes their place. */
  private static final Set<Field> OUTLIVE_ENTRIES =
      EnumSet.of(Field.NATIVE_FACTOR, Field.NATIVE_BUCKETS, Field.NATIVE_RESET, Field.SPAN_NAMES);

  /** Of whom who says something; the tenant is empty for all of them. */
  private record Scope(Source source, String tenant) {}

  /** What is said from a window on; null if nothing any more. */
  private record Layer(long number, @Nullable Overrides says, boolean replacesDefaults) {}

  private static final Layer SILENT = new Layer(0, null, false);
  private static final Said NOTHING = new Said(0, 0, Optional.empty(), false);
  private static final Overrides NO_PROCESSORS = Overrides.of(Map.of(Field.PROCESSORS, List.of()));

  /**
   * What a source says of a tenant.
   *
   * @param number the version since which it does; 0 if there is none
   * @param window from which it is in force
   * @param says empty if nothing any more
   * @param replacesDefaults see {@link OverridesVersion}
   */
  public record Said(
      long number, long window, Optional<Overrides> says, boolean replacesDefaults) {}

  /**
   * @param windowMillis length of a window
   * @param process what is in force as long as there is no base
   */
  public Versions(long windowMillis, TenantSettings process) {
    this(windowMillis, process, false);
  }

  private Versions(long windowMillis, TenantSettings process, boolean ignoresBase) {
    this.windowMillis = windowMillis;
    this.process = process;
    this.ignoresBase = ignoresBase;
  }

  /**
   * Versions of which every base is left out.
   *
   * @param windowMillis length of a window
   * @param process what is in force instead, in all windows
   */
  public static Versions withoutBase(long windowMillis, TenantSettings process) {
    return new Versions(windowMillis, process, true);
  }

  /**
   * Adds the next version.
   *
   * @param appendedMillis the time of its record, and as much later as spans may be ahead of it
   * @throws IllegalArgumentException if it is not the next
   */
  public synchronized void add(OverridesVersion version, long appendedMillis) {
    if (version.number() != number + 1) {
      throw new IllegalArgumentException(
          "version %d of the overrides follows version %d".formatted(version.number(), number));
    }
    boolean isFirstBase = number == 0 && version.source() == Source.BASE;
    long earliest = isFirstBase ? 0 : windowOf(appendedMillis) + WINDOWS_AHEAD;
    number = version.number();
    effectiveFrom = Math.max(effectiveFrom, earliest);
    version
        .defaults()
        .ifPresent(
            says ->
                put(
                    new Scope(version.source(), ""),
                    new Layer(number, says, version.replacesDefaults())));
    version
        .tenants()
        .forEach(
            (tenant, says) ->
                put(
                    new Scope(version.source(), tenant),
                    new Layer(number, says.orElse(null), false)));
    version
        .learned()
        .forEach(
            (tenant, change) ->
                learned
                    .computeIfAbsent(tenant, name -> new RewriteHistory())
                    .add(effectiveFrom, number, change));
  }

  /** The window of an instant. */
  public long windowOf(long millis) {
    return Math.floorDiv(millis, windowMillis);
  }

  private void put(Scope scope, Layer layer) {
    if (ignoresBase && scope.source() == Source.BASE) {
      return;
    }
    layers.computeIfAbsent(scope, s -> new TreeMap<>()).put(effectiveFrom, layer);
  }

  /** The number of the newest version; 0 if there is none. */
  public synchronized long number() {
    return number;
  }

  /** What is in force for a tenant in a window, as far as versions are known. */
  public synchronized EffectiveSettings at(String tenant, long window) {
    EffectiveSettings said =
        resolve(scopes(tenant).stream().map(scope -> layer(scope, window)).toList());
    RewriteHistory history = learned.get(tenant);
    return history == null || said.settings().rewrites().equals(RewriteSettings.NOTHING)
        ? said
        : new EffectiveSettings(said.number(), said.settings(), history.at(window));
  }

  /** What was learned newest, by tenant, whatever settings say. */
  public synchronized Map<String, LabelRewrites> learned() {
    Map<String, LabelRewrites> newest = new TreeMap<>();
    learned.forEach((tenant, history) -> newest.put(tenant, history.newest()));
    return newest;
  }

  /** Who says something of a tenant, upwards. */
  private static List<Scope> scopes(String tenant) {
    return List.of(
        new Scope(Source.BASE, ""),
        new Scope(Source.FILE, ""),
        new Scope(Source.FILE, OverridesVersion.ANY_TENANT),
        new Scope(Source.FILE, tenant),
        new Scope(Source.API, tenant));
  }

  private Layer layer(Scope scope, long window) {
    TreeMap<Long, Layer> history = layers.get(scope);
    Map.Entry<Long, Layer> entry = history == null ? null : history.floorEntry(window);
    return entry == null ? SILENT : entry.getValue();
  }

  private EffectiveSettings resolve(List<Layer> said) {
    return resolved.computeIfAbsent(
        said.stream().map(Layer::number).toList(),
        numbers ->
            new EffectiveSettings(
                numbers.stream().mapToLong(Long::longValue).max().orElse(0), settings(said)));
  }

  private TenantSettings settings(List<Layer> said) {
    List<Overrides> upwards = upwards(said);
    Optional<TenantSettings> settings = Optional.empty();
    for (int count = upwards.size(); settings.isEmpty(); count--) {
      settings = ifTogether(upwards.subList(0, count));
    }
    return settings.get();
  }

  /** The base by itself is always valid. */
  private Optional<TenantSettings> ifTogether(List<Overrides> upwards) {
    try {
      return Optional.of(together(upwards));
    } catch (IllegalArgumentException e) {
      if (upwards.size() == 1) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private TenantSettings together(List<Overrides> upwards) {
    Overrides all = Overrides.NONE;
    for (Overrides layer : upwards) {
      all = layer.over(all);
    }
    return TenantSettings.of(all, process);
  }

  /** The layers that count, the base first. */
  private List<Overrides> upwards(List<Layer> said) {
    List<Overrides> upwards = new ArrayList<>();
    Overrides base = said.get(0).says();
    Overrides own = process.toOverrides();
    upwards.add(base == null ? own : base.over(own)); // one of an earlier program has less to say
    Layer defaults = said.get(1);
    if (defaults.replacesDefaults()) {
      upwards.add(entryOrDefaults(said.get(3).says(), said.get(2).says(), defaults.says()));
    } else {
      said.subList(1, 4).forEach(layer -> addIfAny(layer.says(), upwards));
    }
    addIfAny(said.get(4).says(), upwards);
    return upwards;
  }

  private static Overrides entryOrDefaults(
      @Nullable Overrides ofTenant, @Nullable Overrides ofAny, @Nullable Overrides defaults) {
    Overrides entry = ofTenant != null ? ofTenant : ofAny;
    if (entry != null) {
      Overrides kept = defaults == null ? Overrides.NONE : defaults.only(OUTLIVE_ENTRIES);
      return entry.over(kept).over(NO_PROCESSORS);
    }
    return defaults == null ? Overrides.NONE : defaults;
  }

  private static void addIfAny(@Nullable Overrides says, List<Overrides> upwards) {
    if (says != null) {
      upwards.add(says);
    }
  }

  /**
   * Checks whether what would be said of a tenant after a version goes together.
   *
   * @throws IllegalArgumentException if not; the message says why
   */
  public synchronized void check(OverridesVersion next, String tenant) {
    together(upwards(scopes(tenant).stream().map(scope -> after(next, scope)).toList()));
  }

  private Layer after(OverridesVersion next, Scope scope) {
    Optional<Overrides> says = next.tenants().get(scope.tenant());
    if (scope.source() == next.source() && says != null) {
      return new Layer(next.number(), says.orElse(null), false);
    }
    if (scope.source() == next.source()
        && scope.tenant().isEmpty()
        && next.defaults().isPresent()) {
      return new Layer(next.number(), next.defaults().get(), next.replacesDefaults());
    }
    return newest(scope).map(Map.Entry::getValue).orElse(SILENT);
  }

  private Optional<Map.Entry<Long, Layer>> newest(Scope scope) {
    return Optional.ofNullable(layers.get(scope)).map(TreeMap::lastEntry);
  }

  /** What a source says newest of a tenant, or of all if {@code tenant} is empty. */
  public synchronized Said newest(Source source, String tenant) {
    return newest(new Scope(source, tenant))
        .map(
            entry ->
                new Said(
                    entry.getValue().number(),
                    entry.getKey(),
                    Optional.ofNullable(entry.getValue().says()),
                    entry.getValue().replacesDefaults()))
        .orElse(NOTHING);
  }

  /** The tenants of which a source says something newest. */
  public synchronized Set<String> tenants(Source source) {
    Set<String> tenants = new TreeSet<>();
    layers.forEach(
        (scope, history) -> {
          if (scope.source() == source
              && !scope.tenant().isEmpty()
              && history.lastEntry().getValue().says() != null) {
            tenants.add(scope.tenant());
          }
        });
    return tenants;
  }

  /** What was asked for lately. */
  private static final class Recent extends LinkedHashMap<List<Long>, EffectiveSettings> {
    private static final long serialVersionUID = 1L;

    Recent() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<List<Long>, EffectiveSettings> eldest) {
      return size() > KEPT;
    }
  }
}
