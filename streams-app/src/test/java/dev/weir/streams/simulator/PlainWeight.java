package dev.weir.streams.simulator;

import dev.weir.streams.simulator.PlainOtlp.PlainSpan;
import dev.weir.streams.weight.WeightSettings;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The weights of spans, by regular expressions and decimal arithmetic. */
final class PlainWeight {
  private static final Pattern THRESHOLD = Pattern.compile("(^|;)th:([0-9a-f]{1,14})(;|$)");
  private static final Pattern RANDOMNESS = Pattern.compile("(^|;)rv:([0-9a-f]{14})(;|$)");
  private static final BigDecimal UNITS = BigDecimal.valueOf(1 << 20);

  private PlainWeight() {}

  /** In units of 2⁻²⁰; empty if nothing tells a weight. */
  static Optional<BigInteger> units(PlainSpan span, WeightSettings settings) {
    Optional<Double> weight = settings.traceState() ? ofState(span.traceState()) : Optional.empty();
    if (weight.isEmpty() && settings.attribute().equals("p") && span.probability() > 0) {
      weight = Optional.of(1 / span.probability());
    }
    return weight.map(PlainWeight::units);
  }

  private static BigInteger units(double weight) {
    return new BigDecimal(Math.min(weight, Math.pow(2, 56)))
        .multiply(UNITS)
        .setScale(0, RoundingMode.HALF_EVEN)
        .toBigInteger()
        .max(BigInteger.ONE);
  }

  private static Optional<Double> ofState(String traceState) {
    return Arrays.stream(traceState.split(","))
        .map(String::strip)
        .filter(member -> member.startsWith("ot="))
        .findFirst()
        .map(member -> member.substring(3))
        .flatMap(PlainWeight::ofMember);
  }

  private static Optional<Double> ofMember(String member) {
    Matcher threshold = THRESHOLD.matcher(member);
    if (!threshold.find()) {
      return Optional.empty();
    }
    String digits = (threshold.group(2) + "0".repeat(14)).substring(0, 14);
    double weight = Math.pow(2, 56) / ((1L << 56) - Long.parseLong(digits, 16));
    Matcher randomness = RANDOMNESS.matcher(member);
    if (randomness.find()) {
      double r = (Long.parseLong(randomness.group(2), 16) >> 3) / Math.pow(2, 53);
      weight = Math.floor(weight) + (r < weight % 1 ? 1 : 0);
    }
    return Optional.of(weight);
  }
}
