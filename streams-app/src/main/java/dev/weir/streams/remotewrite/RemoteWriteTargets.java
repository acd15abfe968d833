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
   * The targets of a YAML file: {@code remote_write:} and a list of entries as Prometheus has them.
   * Besides, {@code tenants} and {@code exclude_tenants} list those whose samples a target gets or
   * does not get. Files named in it are found from the file's own directory.
   *
   * @throws InvalidSettingsException if the file cannot be read, has a key that is not known, or a
   *     value that is not allowed
   */
  public static List<RemoteWriteTarget> read(Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      Object yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
      return targets(file, yaml);
    } catch (IOException e) {
      throw new InvalidSettingsException("the file " + file + " cannot be read: " + e);
    } catch (YAMLException e) {
      throw new InvalidSettingsException(
          "the file " + file + " is not valid YAML: " + e.getMessage());
    }
  }

  private static List<RemoteWriteTarget> targets(Path file, Object yaml) {
    YamlSection root = YamlSection.of(file.toString(), yaml, Set.of("remote_write"));
    TargetParser parser = new TargetParser(file);
    List<RemoteWriteTarget> targets = new ArrayList<>();
    for (Object entry : root.list("remote_write")) {
      targets.add(parser.target("remote_write[%d] in %s".formatted(targets.size(), file), entry));
    }
    return withUniqueNames(targets);
  }

  /**
   * Prometheus's form: numbers with units, such as {@code 1m30s}.
   *
   * @param key what a message calls it
   */
  static Duration parseDuration(String key, String text) {
    Matcher part = DURATION_PART.matcher(text);
    Duration sum = Duration.ZERO;
    int end = 0;
    while (part.find() && part.start() == end) {
      sum = sum.plus(amount(Long.parseLong(part.group(1)), part.group(2)));
      end = part.end();
    }
    if (end == 0 || end != text.length()) {
      throw new InvalidSettingsException(
          "%s must be numbers with units (ms, s, m, h, d), such as 30s or 1m30s, not '%s'"
              .formatted(key, text));
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

  static URI parseUrl(String text) {
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
}
