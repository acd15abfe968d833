package dev.weir.streams.remotewrite;

import com.google.re2j.Matcher;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text with references to the groups of a match, as Go writes them: {@code $1}, {@code ${1}},
 * {@code $name}, and {@code $$} for a dollar. A name is as long as it can be, and a group that is
 * not there is empty.
 */
public record Template(String text) {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$(?:(\\$)|([\\p{L}\\p{Nd}_]+)|\\{([\\p{L}\\p{Nd}_]+)})");
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,7}");

  String expand(Matcher match) {
    if (text.indexOf('$') < 0) {
      return text;
    }
    return REFERENCE
        .matcher(text)
        .replaceAll(reference -> java.util.regex.Matcher.quoteReplacement(value(reference, match)));
  }

  private static String value(MatchResult reference, Matcher match) {
    if (reference.group(1) != null) {
      return "$";
    }
    String name = reference.group(2) != null ? reference.group(2) : reference.group(3);
    return Optional.ofNullable(group(name, match)).orElse("");
  }

  private static @Nullable String group(String name, Matcher match) {
    if (NUMBER.matcher(name).matches()) {
      int number = Integer.parseInt(name);
      return number <= match.groupCount() ? match.group(number) : null;
    }
    Integer index = match.pattern().namedGroups().get(name);
    return index == null ? null : match.group(index);
  }
}
