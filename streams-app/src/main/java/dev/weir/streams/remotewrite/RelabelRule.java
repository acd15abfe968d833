package dev.weir.streams.remotewrite;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.weir.app.settings.InvalidSettingsException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One of Prometheus's relabelling rules.
 *
 * @param sourceLabels whose values, joined by {@code separator}, are looked at; one that is missing
 *     is empty
 * @param regex must match all of it
 * @param modulus of {@link Action#HASHMOD}, as an unsigned number; zero if there is none
 * @param targetLabel the label that is set, empty if there is none; a template for {@link
 *     Action#REPLACE}
 * @param replacement what it is set to
 */
public record RelabelRule(
    Action action,
    List<String> sourceLabels,
    String separator,
    Pattern regex,
    long modulus,
    Template targetLabel,
    Template replacement) {

  /** What a rule does. */
  public enum Action {
    REPLACE(true) {
      @Override
      boolean apply(RelabelRule rule, SortedMap<String, String> labels) {
        Matcher match = rule.regex.matcher(rule.source(labels));
        if (match.matches()) {
          String target = rule.targetLabel.expand(match);
          if (!target.isEmpty()) {
            set(labels, target, rule.replacement.expand(match));
          }
        }
        return true;
      }
    },
    KEEP(false) {
      @Override
      boolean apply(RelabelRule rule, SortedMap<String, String> labels) {
        return rule.regex.matches(rule.source(labels));
      }
    },
    DROP(false) {
      @Override
      boolean apply(RelabelRule rule, SortedMap<String, String> labels) {
        return !rule.regex.matches(rule.source(labels));
      }
    },
    KEEPEQUAL(true) {
      @Override
      boolean apply(RelabelRule rule, SortedMap<String, String> labels) {
        return rule.source(labels).equals(labels.getOrDefault(rule.target(), ""));
      }
    },
    DROPEQUAL(true) {
      @Override
      boolean apply(RelabelRule rule, SortedMap<String, String> labels) {
        return !rule.source(labels).equals(labels.getOrDefault(rule.target(), ""));
      }
    },
    HASHMOD(true) {
      @Override
      boolean apply(RelabelRule rule, SortedMap<String, String> labels) {
        long hash = hash(rule.source(labels));
        set(
            labels,
            rule.target(),
            Long.toUnsignedString(Long.remainderUnsigned(hash, rule.modulus)));
        return true;
      }
    },
    LABELMAP(false) {
      @Override
      boolean apply(RelabelRule rule, SortedMap<String, String> labels) {
        for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
          Matcher match = rule.regex.matcher(label.getKey());
          if (match.matches()) {
            set(labels, rule.replacement.expand(match), label.getValue());
          }
        }
        return true;
      }
    },
    LABELDROP(false) {
      @Override
      boolean apply(RelabelRule rule, SortedMap<String, String> labels) {
        labels.keySet().removeIf(rule.regex::matches);
        return true;
      }
    },
    LABELKEEP(false) {
      @Override
      boolean apply(RelabelRule rule, SortedMap<String, String> labels) {
        labels.keySet().removeIf(name -> !rule.regex.matches(name));
        return true;
      }
    },
    LOWERCASE(true) {
      @Override
      boolean apply(RelabelRule rule, SortedMap<String, String> labels) {
        set(labels, rule.target(), rule.source(labels).toLowerCase(Locale.ROOT));
        return true;
      }
    },
    UPPERCASE(true) {
      @Override
      boolean apply(RelabelRule rule, SortedMap<String, String> labels) {
        set(labels, rule.target(), rule.source(labels).toUpperCase(Locale.ROOT));
        return true;
      }
    };

    private final boolean needsTarget;

    Action(boolean needsTarget) {
      this.needsTarget = needsTarget;
    }

    /** Changes labels; false if the series is not to be sent. */
    abstract boolean apply(RelabelRule rule, SortedMap<String, String> labels);

    /** The action of that name in any case. */
    static Optional<Action> named(String name) {
      return Arrays.stream(values())
          .filter(action -> action.name().equalsIgnoreCase(name))
          .findFirst();
    }
  }

  public RelabelRule {
    sourceLabels = List.copyOf(sourceLabels);
    if (action.needsTarget && targetLabel.text().isEmpty()) {
      throw new InvalidSettingsException(
          "a relabelling rule with the action %s needs target_label"
              .formatted(action.name().toLowerCase(Locale.ROOT)));
    }
    if (action == Action.HASHMOD && modulus == 0) {
      throw new InvalidSettingsException(
          "a relabelling rule with the action hashmod needs a modulus from 1 on");
    }
  }

  /** Changes labels; false if the series is not to be sent. */
  boolean apply(SortedMap<String, String> labels) {
    return action.apply(this, labels);
  }

  private String source(SortedMap<String, String> labels) {
    return sourceLabels.stream()
        .map(name -> labels.getOrDefault(name, ""))
        .collect(Collectors.joining(separator));
  }

  private String target() {
    return targetLabel.text();
  }

  /** An empty value is no label. */
  private static void set(SortedMap<String, String> labels, String name, String value) {
    if (value.isEmpty()) {
      labels.remove(name);
    } else {
      labels.put(name, value);
    }
  }

  /** Prometheus's choice: the last eight bytes of MD5. */
  private static long hash(String text) {
    try {
      byte[] md5 = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(md5).getLong(Long.BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
