package dev.weir.streams.remotewrite;

import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.YamlSection;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads targets, from a list of URLs or from a file in the form of Prometheus's {@code
 * remote_write} configuration.
 */
public final class RemoteWriteTargets {
  private static final Set<String> TARGET_KEYS =
      Set.of(
          "url",
          "name",
          "remote_timeout",
          "headers",
          "protobuf_message",
          "basic_auth",
          "authorization",
          "bearer_token",
          "bearer_token_file");
  private static final Set<String> BASIC_KEYS = Set.of("username", "password", "password_file");
  private static final Set<String> AUTHORIZATION_KEYS =
      Set.of("type", "credentials", "credentials_file");
  private static final Pattern DURATION_PART = Pattern.compile("(\\d{1,9})(ms|[smhd])");

  private RemoteWriteTargets() {}

  /**
   * One target per URL, with all defaults.
   *
   * @throws InvalidSettingsException if a URL is no absolute http or https URL, or comes twice
   */
  public static List<RemoteWriteTarget> ofUrls(List<String> urls) {
    return withUniqueNames(
        urls.stream().map(url -> RemoteWriteTarget.ofUrl(parseUrl(url.trim()))).toList());
  }

  /**
   * The targets of a YAML file: {@code remote_write:} and a list, each with {@code url} and any of
   * {@code name}, {@code remote_timeout}, {@code headers}, {@code protobuf_message}, {@code
   * basic_auth}, {@code authorization}, {@code bearer_token} and {@code bearer_token_file}, with
   * Prometheus's meaning. Files named in it are found from the file's own directory.
   *
   * @throws InvalidSettingsException if the file cannot be read, has a key that is not known, or a
   *     value that is not allowed
   */
  public static List<RemoteWriteTarget> read(Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      Object yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
      return new Parser(file).targets(yaml);
    } catch (IOException e) {
      throw new InvalidSettingsException("the file " + file + " cannot be read: " + e);
    } catch (YAMLException e) {
      throw new InvalidSettingsException(
          "the file " + file + " is not valid YAML: " + e.getMessage());
    }
  }

  /** Prometheus's form: numbers with units, such as {@code 1m30s}. */
  static Duration parseDuration(String text) {
    Matcher part = DURATION_PART.matcher(text);
    Duration sum = Duration.ZERO;
    int end = 0;
    while (part.find() && part.start() == end) {
      sum = sum.plus(amount(Long.parseLong(part.group(1)), part.group(2)));
      end = part.end();
    }
    if (end == 0 || end != text.length()) {
      throw new InvalidSettingsException(
          "remote_timeout must be numbers with units (ms, s, m, h, d), such as 30s or 1m30s, not '%s'"
              .formatted(text));
    }
    return sum;
  }

  private static Duration amount(long number, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  private static URI parseUrl(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new InvalidSettingsException(
          "the url of a remote-write target is not one: " + e.getMessage());
    }
  }

  static List<RemoteWriteTarget> withUniqueNames(List<RemoteWriteTarget> targets) {
    Set<String> names = new HashSet<>();
    for (RemoteWriteTarget target : targets) {
      if (!names.add(target.name())) {
        throw new InvalidSettingsException(
            "two remote-write targets are called %s; give each its own name"
                .formatted(target.name()));
      }
    }
    return List.copyOf(targets);
  }

  private record Parser(Path file) {

    List<RemoteWriteTarget> targets(Object yaml) {
      YamlSection root = YamlSection.of(file.toString(), yaml, Set.of("remote_write"));
      List<RemoteWriteTarget> targets = new ArrayList<>();
      for (Object entry : root.list("remote_write")) {
        String where = "remote_write[%d] in %s".formatted(targets.size(), file);
        targets.add(target(YamlSection.of(where, entry, TARGET_KEYS)));
      }
      return withUniqueNames(targets);
    }

    private RemoteWriteTarget target(YamlSection section) {
      URI url = parseUrl(section.required("url"));
      return new RemoteWriteTarget(
          section.text("name").orElseGet(() -> RemoteWriteTarget.nameOf(url)),
          url,
          section
              .text("protobuf_message")
              .map(name -> version(section, name))
              .orElse(RemoteWriteVersion.V2),
          section
              .text("remote_timeout")
              .map(RemoteWriteTargets::parseDuration)
              .orElse(RemoteWriteTarget.DEFAULT_TIMEOUT),
          section.texts("headers"),
          authorization(section));
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
      secret(section, "bearer_token", "bearer_token_file")
          .ifPresent(secret -> given.add(new Authorization.Token("Bearer", secret)));
      if (given.size() > 1) {
        throw new InvalidSettingsException(
            section.where()
                + " must have at most one of basic_auth, authorization and bearer_token");
      }
      return given.isEmpty() ? new Authorization.None() : given.get(0);
    }

    private Authorization basic(YamlSection section) {
      return new Authorization.Basic(
          section.required("username"),
          secret(section, "password", "password_file").orElse(new Secret.Inline("")));
    }

    private Authorization token(YamlSection section) {
      return new Authorization.Token(
          section.text("type").orElse("Bearer"),
          secret(section, "credentials", "credentials_file")
              .orElseThrow(
                  () ->
                      new InvalidSettingsException(
                          section.where() + " needs credentials or credentials_file")));
    }

    private Optional<Secret> secret(YamlSection section, String key, String fileKey) {
      if (section.has(key) && section.has(fileKey)) {
        throw new InvalidSettingsException(
            "%s must not have both %s and %s".formatted(section.where(), key, fileKey));
      }
      Optional<Secret> inFile =
          section.text(fileKey).map(path -> new Secret.InFile(file.resolveSibling(path)));
      return inFile.or(() -> section.text(key).map(Secret.Inline::new));
    }
  }
}
