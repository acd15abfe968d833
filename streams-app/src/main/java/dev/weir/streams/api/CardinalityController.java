package dev.weir.streams.api;

import dev.weir.streams.cardinality.CardinalityReport;
import dev.weir.streams.cardinality.LabelCardinality;
import dev.weir.streams.cardinality.TenantCardinality;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which labels make the series, tenant by tenant, as the shards of this instance see it. */
@Controller("/status/cardinality")
@Requires(beans = CardinalityReport.class)
@ExecuteOn(TaskExecutors.BLOCKING)
final class CardinalityController {
  private final CardinalityReport report;

  CardinalityController(CardinalityReport report) {
    this.report = report;
  }

  @Get
  List<Map<String, Object>> tenants() {
    return report.tenants().stream().map(CardinalityController::json).toList();
  }

  /** 404 if the tenant has not grown of late. */
  @Get("/{tenant}")
  HttpResponse<Map<String, Object>> tenant(String tenant) {
    return report
        .tenant(tenant)
        .map(known -> HttpResponse.<Map<String, Object>>ok(json(known)))
        .orElseGet(HttpResponse::notFound);
  }

  private static Map<String, Object> json(TenantCardinality tenant) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("tenant", tenant.tenant());
    json.put("series_demand_estimate", tenant.demand().series());
    json.put("entity_demand_estimate", tenant.demand().entities());
    json.put("labels", tenant.labels().stream().map(CardinalityController::json).toList());
    return json;
  }

  private static Map<String, Object> json(LabelCardinality label) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("label", label.label());
    json.put("distinct_values_estimate", label.distinctValues());
    json.put("example_span_name", label.exampleSpanName());
    return json;
  }
}
