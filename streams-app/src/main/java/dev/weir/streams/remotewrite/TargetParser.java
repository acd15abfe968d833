package dev.weir.streams.remotewrite;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.YamlSection;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one entry of {@code remote_write}. A key of Prometheus that has no meaning here is taken
 * with a warning, so that a section can be used as it is; one that a target would need and cannot
 * have is refused.
 *
 * @param file the configuration; files that it names are found from its directory
 */
record TargetParser(Path file) {
  private static final Logger log = LoggerFactory.getLogger(TargetParser.class);

  private static final Set<String> KEYS =
      Set.of(
          "url",
          "name",
          "remote_timeout",
          "headers",
          "protobuf_message",
          "basic_auth",
          "authorization",
          "bearer_token",
          "bearer_token_file",
          "tls_config",
          "proxy_url",
          "enable_http2",
          "write_relabel_configs",
          "queue_config",
          "tenants",
          "exclude_tenants");

  /** Keys without a meaning, and why. */
  private static final Map<String, String> IDLE_KEYS =
      Map.of(
          "follow_redirects", "redirects are never followed; give the final URL",
          "send_exemplars", "exemplars are sent if there are any",
          "send_native_histograms", "the settings of histograms decide what is sent",
          "metadata_config", "metadata go along with samples",
          "round_robin_dns", "the system's resolver decides");

  /** Keys that a target would need, and what to do instead. */
  private static final Map<String, String> REFUSED_KEYS =
      Map.of(
          "sigv4", "requests are not signed; put a proxy that does in front of the target",
          "azuread", "requests are not signed; put a proxy that does in front of the target",
          "google_iam", "requests are not signed; put a proxy that does in front of the target",
          "oauth2", "fetch the token with a helper that writes it to a bearer_token_file",
          "http_headers", "use headers",
          "no_proxy", "use proxy_url for the targets that need it",
          "proxy_from_environment", "use proxy_url",
          "proxy_connect_header", "proxies that ask for credentials are not supported");

  private static final Set<String> QUEUE_KEYS =
      Set.of("max_samples_per_send", "max_shards", "min_backoff", "max_backoff");
  private static final Map<String, String> IDLE_QUEUE_KEYS =
      Map.of(
          "capacity", "samples wait in Kafka, not in memory",
          "min_shards", "requests are made as they are needed",
          "batch_send_deadline", "a window's samples are sent when it closes",
          "retry_on_http_429", "429 is always retried",
          "sample_age_limit", "samples are kept as long as the outbox keeps them");

  private static final Set<String> TLS_KEYS =
      Set.of(
          "ca",
          "ca_file",
          "cert",
          "cert_file",
          "key",
          "key_file",
          "server_name",
          "insecure_skip_verify");
  private static final Map<String, String> IDLE_TLS_KEYS =
      Map.of(
          "min_version", "Java decides: TLS 1.2 at least",
          "max_version", "Java decides");

  private static final Set<String> RELABEL_KEYS =
      Set.of(
          "source_labels",
          "separator",
          "target_label",
          "regex",
          "modulus",
          "replacement",
          "action");
  private static final Set<String> BASIC_KEYS = Set.of("username", "password", "password_file");
  private static final Set<String> AUTHORIZATION_KEYS =
      Set.of("type", "credentials", "credentials_file");

  /**
   * @param where what messages call the entry
   */
  RemoteWriteTarget target(String where, Object entry) {
    YamlSection section = section(where, entry);
    URI url = RemoteWriteTargets.parseUrl(section.required("url"));
    return new RemoteWriteTarget(
        section.text("name").orElseGet(() -> RemoteWriteTarget.nameOf(url)),
        url,
        section
            .text("protobuf_message")
            .map(name -> version(section, name))
            .orElse(RemoteWriteVersion.V2),
        section
            .text("remote_timeout")
            .map(text -> RemoteWriteTargets.parseDuration("remote_timeout", text))
            .orElse(RemoteWriteTarget.DEFAULT_TIMEOUT),
        section.texts("headers"),
        authorization(section),
        connection(section),
        limits(section),
        tenants(section),
        relabeling(section));
  }

  private static YamlSection section(String where, Object entry) {
    if (entry instanceof Map<?, ?> map) {
      REFUSED_KEYS.forEach(
          (key, advice) -> {
            if (map.get(key) != null) {
              throw new InvalidSettingsException(
                  "%s in %s is not supported: %s".formatted(key, where, advice));
            }
          });
    }
    YamlSection section = YamlSection.of(where, entry, union(KEYS, IDLE_KEYS.keySet()));
    warn(section, IDLE_KEYS);
    return section;
  }

  private static RemoteWriteVersion version(YamlSection section, String name) {
    return RemoteWriteVersion.ofProtobufMessage(name)
        .orElseThrow(
            () ->
                new InvalidSettingsException(
                    "protobuf_message in %s must be %s or %s, not '%s'"
                        .formatted(
                            section.where(),
                            RemoteWriteVersion.V1.protobufMessage(),
                            RemoteWriteVersion.V2.protobufMessage(),
                            name)));
  }

  private Authorization authorization(YamlSection section) {
    List<Authorization> given = new ArrayList<>();
    section.section("basic_auth", BASIC_KEYS).ifPresent(basic -> given.add(basic(basic)));
    section.section("authorization", AUTHORIZATION_KEYS).ifPresent(a -> given.add(token(a)));
    secret(section, "bearer_token")
        .ifPresent(secret -> given.add(new Authorization.Token("Bearer", secret)));
    if (given.size() > 1) {
      throw new InvalidSettingsException(
          section.where() + " must have at most one of basic_auth, authorization and bearer_token");
    }
    return given.isEmpty() ? new Authorization.None() : given.get(0);
  }

  private Authorization basic(YamlSection section) {
    return new Authorization.Basic(
        section.required("username"), secret(section, "password").orElse(new Secret.Inline("")));
  }

  private Authorization token(YamlSection section) {
    return new Authorization.Token(
        section.text("type").orElse("Bearer"),
        secret(section, "credentials")
            .orElseThrow(
                () ->
                    new InvalidSettingsException(
                        section.where() + " needs credentials or credentials_file")));
  }

  private Connection connection(YamlSection section) {
    return new Connection(
        section
            .section("tls_config", union(TLS_KEYS, IDLE_TLS_KEYS.keySet()))
            .map(this::tls)
            .orElse(Tls.DEFAULT),
        section.text("proxy_url").map(TargetParser::proxy),
        flag(section, "enable_http2"));
  }

  private Tls tls(YamlSection section) {
    warn(section, IDLE_TLS_KEYS);
    Optional<Secret> certificate = secret(section, "cert");
    Optional<Secret> key = secret(section, "key");
    if (certificate.isPresent() != key.isPresent()) {
      throw new InvalidSettingsException(
          section.where()
              + " must have both a certificate (cert, cert_file) and a key (key, key_file)");
    }
    return new Tls(
        secret(section, "ca"),
        certificate.map(text -> new Tls.Identity(text, key.orElseThrow())),
        section.text("server_name"),
        flag(section, "insecure_skip_verify"));
  }

  private static Connection.ProxyAddress proxy(String text) {
    URI url = RemoteWriteTargets.parseUrl(text);
    if (!"http".equals(url.getScheme()) || url.getHost() == null || url.getRawUserInfo() != null) {
      throw new InvalidSettingsException(
          "proxy_url must be http://host:port without credentials, since others are not supported");
    }
    return new Connection.ProxyAddress(url.getHost(), url.getPort() == -1 ? 80 : url.getPort());
  }

  private static RequestLimits limits(YamlSection section) {
    return section
        .section("queue_config", union(QUEUE_KEYS, IDLE_QUEUE_KEYS.keySet()))
        .map(TargetParser::queue)
        .orElse(RequestLimits.DEFAULT);
  }

  private static RequestLimits queue(YamlSection section) {
    warn(section, IDLE_QUEUE_KEYS);
    RequestLimits usual = RequestLimits.DEFAULT;
    return new RequestLimits(
        number(section, "max_samples_per_send").orElse(usual.samples()),
        number(section, "max_shards").map(Math::toIntExact).orElse(usual.atOnce()),
        section
            .text("min_backoff")
            .map(text -> RemoteWriteTargets.parseDuration("min_backoff", text))
            .orElse(usual.shortestPause()),
        section
            .text("max_backoff")
            .map(text -> RemoteWriteTargets.parseDuration("max_backoff", text))
            .orElse(usual.longestPause()));
  }

  private static TargetTenants tenants(YamlSection section) {
    return new TargetTenants(
        new HashSet<>(texts(section, "tenants")),
        new HashSet<>(texts(section, "exclude_tenants")),
        true);
  }

  private static Relabeling relabeling(YamlSection section) {
    List<RelabelRule> rules = new ArrayList<>();
    for (Object rule : section.list("write_relabel_configs")) {
      String where = "write_relabel_configs[%d] of %s".formatted(rules.size(), section.where());
      rules.add(rule(YamlSection.of(where, rule, RELABEL_KEYS)));
    }
    return new Relabeling(rules);
  }

  private static RelabelRule rule(YamlSection section) {
    String action = section.text("action").orElse("replace");
    return new RelabelRule(
        RelabelRule.Action.named(action)
            .orElseThrow(
                () ->
                    new InvalidSettingsException(
                        "action in %s must be one of %s, not '%s'"
                            .formatted(
                                section.where(),
                                Stream.of(RelabelRule.Action.values())
                                    .map(a -> a.name().toLowerCase(Locale.ROOT))
                                    .collect(Collectors.joining(", ")),
                                action))),
        texts(section, "source_labels"),
        section.text("separator").orElse(";"),
        regex(section),
        number(section, "modulus").orElse(0L),
        new Template(section.text("target_label").orElse("")),
        new Template(section.text("replacement").orElse("$1")));
  }

  private static Pattern regex(YamlSection section) {
    String text = section.text("regex").orElse("(.*)");
    try {
      return Pattern.compile(text, Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw new InvalidSettingsException(
          "regex in %s is not valid: %s".formatted(section.where(), e.getMessage()));
    }
  }

  /** Under its own key, or in the file that the key with {@code _file} names. */
  private Optional<Secret> secret(YamlSection section, String key) {
    String fileKey = key + "_file";
    if (section.has(key) && section.has(fileKey)) {
      throw new InvalidSettingsException(
          "%s must not have both %s and %s".formatted(section.where(), key, fileKey));
    }
    Optional<Secret> inFile =
        section.text(fileKey).map(path -> new Secret.InFile(file.resolveSibling(path)));
    return inFile.or(() -> section.text(key).map(Secret.Inline::new));
  }

  private static List<String> texts(YamlSection section, String key) {
    return section.list(key).stream().map(String::valueOf).toList();
  }

  private static Optional<Long> number(YamlSection section, String key) {
    return section.text(key).map(text -> number(section, key, text));
  }

  private static long number(YamlSection section, String key, String text) {
    if (!text.matches("\\d{1,9}")) {
      throw new InvalidSettingsException(
          "%s in %s must be a number of at most nine digits, not '%s'"
              .formatted(key, section.where(), text));
    }
    return Long.parseLong(text);
  }

  private static boolean flag(YamlSection section, String key) {
    String text = section.text(key).orElse("false");
    if (!text.equals("true") && !text.equals("false")) {
      throw new InvalidSettingsException(
          "%s in %s must be true or false, not '%s'".formatted(key, section.where(), text));
    }
    return text.equals("true");
  }

  private static void warn(YamlSection section, Map<String, String> idle) {
    for (String key : new TreeSet<>(idle.keySet())) {
      if (section.has(key)) {
        log.warn("{} in {} has no effect: {}", key, section.where(), idle.get(key));
      }
    }
  }

  private static Set<String> union(Set<String> first, Set<String> second) {
    return Stream.concat(first.stream(), second.stream()).collect(Collectors.toSet());
  }
}
