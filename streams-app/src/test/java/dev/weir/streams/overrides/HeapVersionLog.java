package dev.weir.streams.overrides;

import java.util.Optional;
import java.util.function.Function;

/** Versions of one process that nobody else appends to. */
public final class HeapVersionLog implements VersionLog {
  private final Versions versions;

  public HeapVersionLog(TenantSettings process) {
    this.versions = new Versions(1_000, process);
    versions.add(OverridesVersion.base(1, process.toOverrides()), 0);
  }

  @Override
  public Versions upToDate() {
    return versions;
  }

  @Override
  public Optional<OverridesVersion> publish(
      Function<Versions, Optional<OverridesVersion>> decision) {
    Optional<OverridesVersion> next = decision.apply(versions);
    next.ifPresent(version -> versions.add(version, 60_000));
    return next;
  }
}
