package dev.weir.streams.api;

import dev.weir.streams.overrides.EffectiveSettings;
import dev.weir.streams.overrides.OverridesVersion.Source;
import dev.weir.streams.overrides.Versions;
import dev.weir.streams.rewrite.LabelRewrites;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** What is in force, by tenant, as far as this process knows. */
@Controller("/status/overrides")
@Requires(beans = StatusApi.class)
final class StatusController {
  private final StatusApi api;

  StatusController(StatusApi api) {
    this.api = api;
  }

  /** The newest version, and of which tenants something is said. */
  @Get
  @Produces(MediaType.APPLICATION_JSON)
  HttpResponse<?> all() {
    return answer(
        versions -> {
          Set<String> tenants = new TreeSet<>(versions.tenants(Source.FILE));
          tenants.addAll(versions.tenants(Source.API));
          Map<String, Object> status = new LinkedHashMap<>();
          status.put("version", versions.number());
          status.put("tenants", tenants);
          return status;
        });
  }

  /** What the newest versions make of a tenant, and who says what of it since when. */
  @Get("/{tenant}")
  @Produces(MediaType.APPLICATION_JSON)
  HttpResponse<?> of(String tenant) {
    return answer(
        versions -> {
          EffectiveSettings effective = versions.at(tenant, Long.MAX_VALUE);
          Map<String, Object> status = new LinkedHashMap<>();
          status.put("tenant", tenant);
          status.put("version", effective.number());
          status.put("said", said(versions, tenant));
          status.put("settings", effective.settings().toOverrides().write());
          status.put("learned", learned(effective.rewrites()));
          return status;
        });
  }

  /** The patterns that span names become, and how many values the labels keep that are limited. */
  private static Map<String, Object> learned(LabelRewrites rewrites) {
    Map<String, Object> limited = new TreeMap<>();
    rewrites.limited().forEach((label, values) -> limited.put(label, values.size()));
    Map<String, Object> learned = new LinkedHashMap<>();
    learned.put("version", rewrites.number());
    learned.put("span_names", rewrites.templates().texts());
    learned.put("limited_labels", limited);
    return learned;
  }

  private List<Map<String, Object>> said(Versions versions, String tenant) {
    List<Map<String, Object>> all = new ArrayList<>();
    add(all, versions, Source.BASE, "");
    add(all, versions, Source.FILE, "");
    add(all, versions, Source.FILE, "*");
    add(all, versions, Source.FILE, tenant);
    add(all, versions, Source.API, tenant);
    return all;
  }

  private void add(List<Map<String, Object>> all, Versions versions, Source source, String tenant) {
    Versions.Said said = versions.newest(source, tenant);
    said.says()
        .ifPresent(
            says -> {
              Map<String, Object> entry = new LinkedHashMap<>();
              entry.put("source", source.name().toLowerCase(Locale.ROOT));
              entry.put("tenant", tenant);
              entry.put("version", said.number());
              entry.put(
                  "from", Instant.ofEpochMilli(said.window() * api.windowMillis()).toString());
              entry.put("says", says.write());
              all.add(entry);
            });
  }

  private HttpResponse<?> answer(Function<Versions, Map<String, Object>> status) {
    return api.versions()
        .get()
        .<HttpResponse<?>>map(versions -> HttpResponse.ok(Json.write(status.apply(versions))))
        .orElseGet(
            () ->
                HttpResponse.status(HttpStatus.SERVICE_UNAVAILABLE)
                    .body("{\"error\":\"the broker has not answered yet\"}"));
  }
}
