package dev.weir.streams.application;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.streams.config.OverridesFile;
import dev.weir.streams.config.OverridesSettings;
import dev.weir.streams.overrides.Overrides;
import dev.weir.streams.overrides.OverridesVersion;
import dev.weir.streams.overrides.OverridesVersion.Source;
import dev.weir.streams.overrides.VersionLog;
import dev.weir.streams.overrides.Versions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the file with settings by tenant now and then, on a thread of its own, and publishes
 * what has changed in it. What is invalid is told once and published never.
 */
final class OverridesFileWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OverridesFileWatch.class);

  private final OverridesSettings settings;
  private final Path file;
  private final VersionLog publisher;
  private final OverridesMeters meters;
  private final Thread thread = new Thread(this::run, "overrides-file");
  private boolean isValid = true; // by the thread only, as is the following
  private @Nullable String seen;

  OverridesFileWatch(
      OverridesSettings settings, Path file, VersionLog publisher, OverridesMeters meters) {
    this.settings = settings;
    this.file = file;
    this.publisher = publisher;
    this.meters = meters;
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        look();
        Thread.sleep(settings.filePeriod().toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      String text = Files.readString(file);
      if (!text.equals(seen)) {
        publish(text);
      }
    } catch (IOException e) {
      invalid("cannot be read: " + e, "");
    } catch (KafkaException e) {
      LOG.warn("{} has changed and could not be published; trying again: {}", file, e.toString());
    }
  }

  private void publish(String text) {
    try {
      OverridesFile says = OverridesFile.read(text);
      if (!says.ignored().isEmpty()) {
        LOG.warn("{}: ignored, because there is no such thing in Weir: {}", file, says.ignored());
      }
      publisher.publish(versions -> version(says, versions));
      seen = text;
      isValid = true;
      meters.fileIsValid(true);
    } catch (InvalidSettingsException | IllegalArgumentException e) {
      invalid(String.valueOf(e.getMessage()), text);
    }
  }

  private void invalid(String reason, String text) {
    if (isValid || !text.equals(seen)) {
      LOG.error("{} cannot be used, and what it said before stays in force: {}", file, reason);
    }
    seen = text;
    isValid = false;
    meters.fileIsValid(false);
  }

  private Optional<OverridesVersion> version(OverridesFile says, Versions versions) {
    Versions.Said defaults = versions.newest(Source.FILE, "");
    boolean sameDefaults =
        says.defaults().equals(defaults.says().orElse(Overrides.NONE))
            && settings.replacesDefaults() == defaults.replacesDefaults();
    Map<String, Optional<Overrides>> changed = new TreeMap<>();
    TreeSet<String> tenants = new TreeSet<>(versions.tenants(Source.FILE));
    tenants.addAll(says.tenants().keySet());
    for (String tenant : tenants) {
      Optional<Overrides> now = Optional.ofNullable(says.tenants().get(tenant));
      if (!now.equals(versions.newest(Source.FILE, tenant).says())) {
        changed.put(tenant, now);
      }
    }
    if (sameDefaults && changed.isEmpty()) {
      return Optional.empty();
    }
    OverridesVersion next =
        new OverridesVersion(
            versions.number() + 1,
            Source.FILE,
            sameDefaults ? Optional.empty() : Optional.of(says.defaults()),
            settings.replacesDefaults() && !sameDefaults,
            changed);
    tenants.add(OverridesVersion.ANY_TENANT);
    tenants.forEach(tenant -> check(versions, next, tenant));
    return Optional.of(next);
  }

  private static void check(Versions versions, OverridesVersion next, String tenant) {
    try {
      versions.check(next, tenant);
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingsException(
          "what is said of %s does not go together: %s"
              .formatted(tenant, Objects.requireNonNullElse(e.getMessage(), "")));
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
