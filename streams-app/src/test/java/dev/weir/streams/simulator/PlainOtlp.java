package dev.weir.streams.simulator;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.weir.schemas.topic.SpanCodec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * OTLP by protobuf-java, field by field: its generated classes refuse strings that are not UTF-8.
 */
final class PlainOtlp {

  /**
   * A span with what its resource says. Strings are {@link ByteText}.
   *
   * @param resource attributes of the resource, the first of each key
   * @param resourceInOrder all of them
   * @param attributes its own, likewise
   * @param links ids of the traces and spans that it links to
   * @param probability the double attribute {@code p} of span or resource, 0 if there is none
   */
  record PlainSpan(
      Map<String, String> resource,
      List<Map.Entry<String, String>> resourceInOrder,
      Map<String, String> attributes,
      List<Map.Entry<ByteString, ByteString>> links,
      ByteString traceId,
      ByteString spanId,
      ByteString parentId,
      String name,
      int kind,
      int status,
      String statusMessage,
      BigInteger start,
      BigInteger end,
      int size,
      String traceState,
      double probability) {

    BigInteger nanos() {
      return end.subtract(start).max(BigInteger.ZERO);
    }

    Optional<String> service() {
      return Optional.ofNullable(resource.get("service.name"));
    }
  }

  private PlainOtlp() {}

  static boolean skipsMetrics(SpanCodec codec, ByteString value) {
    try {
      return codec == SpanCodec.PUSH_BYTES && number(UnknownFieldSet.parseFrom(value), 5) != 0;
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }

  static List<PlainSpan> spans(SpanCodec codec, ByteString value)
      throws InvalidProtocolBufferException {
    List<PlainSpan> spans = new ArrayList<>();
    if (codec == SpanCodec.OTLP) {
      readTraces(value, spans);
    } else {
      for (ByteString trace : messages(UnknownFieldSet.parseFrom(value), 2)) {
        readTraces(trace, spans);
      }
    }
    return spans;
  }

  /** Of each resource, with spans or without, the attributes that are strings, in order. */
  static List<List<Map.Entry<String, String>>> resourceTexts(SpanCodec codec, ByteString value)
      throws InvalidProtocolBufferException {
    List<List<Map.Entry<String, String>>> resources = new ArrayList<>();
    UnknownFieldSet record = UnknownFieldSet.parseFrom(value);
    for (ByteString traces : codec == SpanCodec.OTLP ? List.of(value) : messages(record, 2)) {
      for (ByteString resourceSpans : messages(UnknownFieldSet.parseFrom(traces), 1)) {
        UnknownFieldSet of = UnknownFieldSet.parseFrom(resourceSpans);
        resources.add(texts(UnknownFieldSet.parseFrom(last(of, 1))));
      }
    }
    return resources;
  }

  private static List<Map.Entry<String, String>> texts(UnknownFieldSet resource)
      throws InvalidProtocolBufferException {
    List<Map.Entry<String, String>> texts = new ArrayList<>();
    for (ByteString bytes : messages(resource, 1)) {
      UnknownFieldSet attribute = UnknownFieldSet.parseFrom(bytes);
      if (UnknownFieldSet.parseFrom(last(attribute, 2)).hasField(1)) {
        texts.addAll(
            attributesInOrder(UnknownFieldSet.newBuilder().addField(1, field(bytes)).build(), 1));
      }
    }
    return texts;
  }

  private static UnknownFieldSet.Field field(ByteString message) {
    return UnknownFieldSet.Field.newBuilder().addLengthDelimited(message).build();
  }

  private static void readTraces(ByteString traces, List<PlainSpan> spans)
      throws InvalidProtocolBufferException {
    for (ByteString resourceSpans : messages(UnknownFieldSet.parseFrom(traces), 1)) {
      UnknownFieldSet of = UnknownFieldSet.parseFrom(resourceSpans);
      UnknownFieldSet resource = UnknownFieldSet.parseFrom(last(of, 1));
      for (ByteString scopeSpans : messages(of, 2)) {
        for (ByteString span : messages(UnknownFieldSet.parseFrom(scopeSpans), 2)) {
          spans.add(span(resource, span));
        }
      }
    }
  }

  private static PlainSpan span(UnknownFieldSet resource, ByteString bytes)
      throws InvalidProtocolBufferException {
    UnknownFieldSet span = UnknownFieldSet.parseFrom(bytes);
    return new PlainSpan(
        attributes(resource, 1),
        attributesInOrder(resource, 1),
        attributes(span, 9),
        links(span),
        last(span, 1),
        last(span, 2),
        last(span, 4),
        ByteText.of(last(span, 5)),
        (int) number(span, 6),
        (int) number(UnknownFieldSet.parseFrom(last(span, 15)), 3),
        ByteText.of(last(UnknownFieldSet.parseFrom(last(span, 15)), 2)),
        time(span, 7),
        time(span, 8),
        bytes.size(),
        last(span, 3).toStringUtf8(),
        probability(span, 9) > 0 ? probability(span, 9) : probability(resource, 1));
  }

  private static List<Map.Entry<ByteString, ByteString>> links(UnknownFieldSet span)
      throws InvalidProtocolBufferException {
    List<Map.Entry<ByteString, ByteString>> links = new ArrayList<>();
    for (ByteString bytes : messages(span, 13)) {
      UnknownFieldSet link = UnknownFieldSet.parseFrom(bytes);
      links.add(Map.entry(last(link, 1), last(link, 2)));
    }
    return links;
  }

  private static Map<String, String> attributes(UnknownFieldSet of, int field)
      throws InvalidProtocolBufferException {
    Map<String, String> attributes = new HashMap<>();
    attributesInOrder(of, field)
        .forEach(attribute -> attributes.putIfAbsent(attribute.getKey(), attribute.getValue()));
    return attributes;
  }

  private static List<Map.Entry<String, String>> attributesInOrder(UnknownFieldSet of, int field)
      throws InvalidProtocolBufferException {
    List<Map.Entry<String, String>> attributes = new ArrayList<>();
    for (ByteString bytes : messages(of, field)) {
      UnknownFieldSet attribute = UnknownFieldSet.parseFrom(bytes);
      UnknownFieldSet value = UnknownFieldSet.parseFrom(last(attribute, 2));
      attributes.add(Map.entry(ByteText.of(last(attribute, 1)), text(value)));
    }
    return attributes;
  }

  private static String text(UnknownFieldSet value) {
    if (value.hasField(2)) {
      return Boolean.toString(number(value, 2) != 0);
    }
    if (value.hasField(4)) {
      long bits = value.getField(4).getFixed64List().get(0);
      return BigDecimal.valueOf(Double.longBitsToDouble(bits)).toPlainString();
    }
    return value.hasField(3) ? Long.toString(number(value, 3)) : ByteText.of(last(value, 1));
  }

  private static double probability(UnknownFieldSet of, int field)
      throws InvalidProtocolBufferException {
    for (ByteString bytes : messages(of, field)) {
      UnknownFieldSet attribute = UnknownFieldSet.parseFrom(bytes);
      if (last(attribute, 1).equals(ByteString.copyFromUtf8("p"))) {
        List<Long> decimals =
            UnknownFieldSet.parseFrom(last(attribute, 2)).getField(4).getFixed64List();
        double value = decimals.isEmpty() ? 0 : Double.longBitsToDouble(decimals.get(0));
        return value > 0 ? value : 0;
      }
    }
    return 0;
  }

  private static List<ByteString> messages(UnknownFieldSet of, int field) {
    return of.getField(field).getLengthDelimitedList();
  }

  private static ByteString last(UnknownFieldSet of, int field) {
    List<ByteString> all = messages(of, field);
    return all.isEmpty() ? ByteString.EMPTY : all.get(all.size() - 1);
  }

  private static long number(UnknownFieldSet of, int field) {
    List<Long> all = of.getField(field).getVarintList();
    return all.isEmpty() ? 0 : all.get(all.size() - 1);
  }

  private static BigInteger time(UnknownFieldSet of, int field) {
    List<Long> all = of.getField(field).getFixed64List();
    long bits = all.isEmpty() ? 0 : all.get(all.size() - 1);
    return new BigInteger(Long.toUnsignedString(bits));
  }
}
