package dev.weir.distributor.validation;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds the tenant in the header {@value #HEADER}: up to 150 ASCII letters, digits and {@code
 * !-_.*'()}, but neither {@code .} nor {@code ..}. What follows a colon ({@code :key=value}) is for
 * others. A list of tenants, separated by a pipe, is for queries only. Thread-safe.
 */
public final class TenantRule {
  /** Header, or metadata key, that names the tenant; case does not matter. */
  public static final String HEADER = "X-Scope-OrgID";

  private static final int MAX_BYTES = 150;
  private static final Pattern CHARACTERS = Pattern.compile("[A-Za-z0-9!\\-_.*'()]+");
  private static final Pattern METADATA = Pattern.compile(":[^=]+=.*");

  private final boolean multitenancy;
  private final String singleTenant;

  /**
   * @param multitenancy whether tenants are told apart
   * @param singleTenant whose everything is if they are not
   */
  public TenantRule(boolean multitenancy, String singleTenant) {
    this.multitenancy = multitenancy;
    this.singleTenant = singleTenant;
  }

  /** Judges the values of the header, none if it is absent. */
  public Tenancy judge(List<String> values) {
    if (!multitenancy) {
      return new Tenancy.Known(singleTenant);
    }
    if (values.size() > 1) {
      return new Tenancy.Malformed(
          "the header %s is there %d times, must be there once".formatted(HEADER, values.size()));
    }
    return values.isEmpty() || values.get(0).isBlank()
        ? new Tenancy.Missing()
        : judge(values.get(0).strip());
  }

  private static Tenancy judge(String value) {
    List<String> tenants =
        Arrays.stream(value.split("\\|", -1)).map(TenantRule::bare).distinct().toList();
    if (tenants.size() != 1) {
      return malformed(value, "must name one tenant for writes");
    }
    String tenant = tenants.get(0);
    if (tenant.length() > MAX_BYTES) {
      return new Tenancy.Malformed(
          "the tenant id in %s has %d bytes, at most %d are allowed"
              .formatted(HEADER, tenant.length(), MAX_BYTES));
    }
    if (!CHARACTERS.matcher(tenant).matches()) {
      return malformed(value, "may only have ASCII letters, digits and !-_.*'()");
    }
    return tenant.equals(".") || tenant.equals("..")
        ? malformed(value, "must not be a path")
        : new Tenancy.Known(tenant);
  }

  private static String bare(String value) {
    int colon = value.indexOf(':');
    return colon > 0 && METADATA.matcher(value.substring(colon)).matches()
        ? value.substring(0, colon)
        : value;
  }

  private static Tenancy malformed(String value, String rule) {
    return new Tenancy.Malformed(
        "the tenant id '%s' in %s %s".formatted(shortened(value), HEADER, rule));
  }

  private static String shortened(String value) {
    return value.length() > MAX_BYTES ? value.substring(0, MAX_BYTES) + "…" : value;
  }
}
