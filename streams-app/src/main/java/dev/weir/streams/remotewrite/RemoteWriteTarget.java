package dev.weir.streams.remotewrite;

import dev.weir.app.settings.InvalidSettingsException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * Where samples are sent.
 *
 * @param name tells targets apart in the consumer group's name, in metrics and in the log: 1 to 100
 *     letters, digits, dots, dashes and underscores. Whoever changes it starts the target anew at
 *     the outbox's earliest record
 * @param url absolute, http or https, without credentials in it
 * @param version the protocol; a target that does not know 2.0 is sent 1.0, and asked again from
 *     time to time
 * @param timeout for a whole request, from 1 ms on
 * @param headers sent with every request, by name as written; one called {@code X-Scope-OrgID}
 *     replaces the tenant
 * @param authorization who we are
 * @param connection how it is reached
 * @param limits how hard it may be pushed
 * @param tenants whose samples it gets
 * @param relabeling what becomes of labels on the way
 */
public record RemoteWriteTarget(
    String name,
    URI url,
    RemoteWriteVersion version,
    Duration timeout,
    Map<String, String> headers,
    Authorization authorization,
    Connection connection,
    RequestLimits limits,
    TargetTenants tenants,
    Relabeling relabeling) {

  /** As Prometheus has it. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /** Names the tenant. */
  static final String TENANT_HEADER = "X-Scope-OrgID";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~A-Za-z0-9-]+");
  private static final Set<String> SCHEMES = Set.of("http", "https");

  /** What the protocol or {@link Authorization} decides. */
  private static final Set<String> RESERVED_HEADERS =
      Set.of(
          "accept-encoding",
          "authorization",
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "host",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "transfer-encoding",
          "user-agent",
          "www-authenticate",
          "x-prometheus-remote-write-version");

  public RemoteWriteTarget {
    headers = trimmed(headers);
    checkUrl(url);
    check(
        NAME.matcher(name).matches(),
        "the name of a remote-write target must be 1 to 100 letters, digits, '.', '-' or '_', not '"
            + name
            + "'");
    check(
        timeout.toMillis() >= 1,
        "remote_timeout of the remote-write target "
            + name
            + " must be at least 1ms, not "
            + timeout);
    headers.forEach(RemoteWriteTarget::checkHeader);
  }

  /**
   * A target with nothing but a URL: remote write 2.0 or what it understands, no credentials, a
   * name made from the URL.
   */
  public static RemoteWriteTarget ofUrl(URI url) {
    checkUrl(url);
    return new RemoteWriteTarget(
        nameOf(url),
        url,
        RemoteWriteVersion.V2,
        DEFAULT_TIMEOUT,
        Map.of(),
        new Authorization.None(),
        Connection.DEFAULT,
        RequestLimits.DEFAULT,
        TargetTenants.ALL,
        Relabeling.NONE);
  }

  /** The same target, which is not told whose samples it gets. */
  public RemoteWriteTarget withoutTenantNames() {
    return new RemoteWriteTarget(
        name,
        url,
        version,
        timeout,
        headers,
        authorization,
        connection,
        limits,
        tenants.unnamed(),
        relabeling);
  }

  /** Host, port and a hash of the whole URL: the same for the same URL, always. */
  static String nameOf(URI url) {
    checkUrl(url);
    CRC32 hash = new CRC32();
    hash.update(url.toString().getBytes(StandardCharsets.UTF_8));
    String host = url.getHost().replaceAll("[^A-Za-z0-9.-]", "");
    String shortened = host.length() > 80 ? host.substring(0, 80) : host;
    return "%s-%d-%08x".formatted(shortened, port(url), hash.getValue());
  }

  /** Whether each tenant's samples go under the tenant's own name. */
  boolean tellsTenantsApart() {
    return tenants.named() && headers.keySet().stream().noneMatch(TENANT_HEADER::equalsIgnoreCase);
  }

  /** Without the headers' values, which may be secret. */
  @Override
  public String toString() {
    return "%s (%s, %s)".formatted(name, url, version);
  }

  private static Map<String, String> trimmed(Map<String, String> headers) {
    Map<String, String> trimmed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach(
        (name, value) ->
            check(
                trimmed.put(name.strip(), value) == null,
                "the header " + name.strip() + " is there twice"));
    return Collections.unmodifiableMap(trimmed);
  }

  private static int port(URI url) {
    int standard = url.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    return url.getPort() == -1 ? standard : url.getPort();
  }

  private static void checkUrl(URI url) {
    String scheme = url.getScheme();
    check(
        scheme != null
            && SCHEMES.contains(scheme.toLowerCase(Locale.ROOT))
            && url.getHost() != null,
        "the url of a remote-write target must be absolute, with http or https and a host, not '"
            + withoutUserInfo(url)
            + "'");
    check(
        url.getRawUserInfo() == null,
        "the url " + withoutUserInfo(url) + " must not hold credentials: use basic_auth");
  }

  /** Messages go to logs. */
  private static String withoutUserInfo(URI url) {
    return url.getRawUserInfo() == null
        ? url.toString()
        : url.toString().replace(url.getRawUserInfo() + "@", "");
  }

  private static void checkHeader(String name, String value) {
    check(
        HEADER_NAME.matcher(name).matches(), "'" + name + "' cannot be the name of an HTTP header");
    check(
        !RESERVED_HEADERS.contains(name.toLowerCase(Locale.ROOT)),
        "the header "
            + name
            + " is set by the protocol or by basic_auth and authorization, not in headers");
    check(
        value.chars().noneMatch(Character::isISOControl),
        "the value of the header " + name + " must not have control characters");
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new InvalidSettingsException(otherwise);
    }
  }
}
