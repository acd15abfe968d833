package dev.weir.testing;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Valid OTLP that no well-behaved sender makes: ids of a wrong length, spans that end before they
 * begin or last for centuries, kinds that do not exist, attributes of every type and nesting,
 * repeated keys, fields in any order, singular fields sent twice, fields that nobody knows. All of
 * it is accepted by protobuf-java, whose reading of the bytes is the truth to compare with. The
 * same seed gives the same bytes. Not thread-safe.
 */
public final class HostileTraces {
  private static final List<String> KEYS =
      List.of(
          "", "service.name", "peer.service", "db.system", "http.method", "\u00fcml\u00e4ut", "k");

  private final long seed;
  private final RandomGenerator random;
  private final PlausibleTraces plausible;
  private final HostileWire wire;

  public HostileTraces(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.plausible = new PlausibleTraces(seed);
    this.wire = new HostileWire(random);
  }

  /** The bytes of the next {@code TracesData}. */
  public byte[] next() {
    TracesData.Builder message = plausible.next().toBuilder();
    message.getResourceSpansBuilderList().forEach(this::distort);
    if (oneIn(4)) {
      message.addResourceSpans(ResourceSpans.getDefaultInstance());
    }
    return wire.write(message.build());
  }

  /** Names the seed. */
  @Override
  public String toString() {
    return "hostile traces of seed " + seed;
  }

  private void distort(ResourceSpans.Builder group) {
    group.getScopeSpansBuilderList().forEach(this::distort);
    if (oneIn(3)) {
      group.addScopeSpans(
          ScopeSpans.newBuilder()
              .setScope(InstrumentationScope.newBuilder().setName(text()).setVersion(text()))
              .addSpans(distorted(Span.getDefaultInstance())));
    }
    switch (random.nextInt(6)) {
      case 0 -> group.clearResource();
      case 1 -> group.setResource(Resource.newBuilder().setDroppedAttributesCount(-1));
      case 2 ->
          group.getResourceBuilder().addAttributes(Attributes.attribute("service.name", value(0)));
      default -> group.setSchemaUrl(text());
    }
  }

  private void distort(ScopeSpans.Builder scope) {
    for (int i = 0; i < scope.getSpansCount(); i++) {
      if (oneIn(2)) {
        scope.setSpans(i, distorted(scope.getSpans(i)));
      }
    }
  }

  private Span distorted(Span span) {
    Span.Builder builder = span.toBuilder();
    for (int faults = 1 + random.nextInt(3); faults > 0; faults--) {
      distort(builder);
    }
    return builder.build();
  }

  private void distort(Span.Builder span) {
    switch (random.nextInt(12)) {
      case 0 -> span.setEndTimeUnixNano(span.getStartTimeUnixNano() - 1 - random.nextInt(1 << 30));
      case 1 -> span.setStartTimeUnixNano(0).setEndTimeUnixNano(Long.MAX_VALUE);
      case 2 -> span.setStartTimeUnixNano(random.nextLong()).setEndTimeUnixNano(random.nextLong());
      case 3 -> span.setName(text());
      case 4 -> span.setTraceId(id());
      case 5 -> span.setSpanId(id()).setParentSpanId(id());
      case 6 -> span.setKindValue(random.nextInt(-2, 99));
      case 7 ->
          span.setStatus(
              Status.newBuilder().setCodeValue(random.nextInt(-2, 9)).setMessage(text()));
      case 8 -> span.setTraceState(text()).setFlags(random.nextInt());
      case 9 -> span.setDroppedAttributesCount(-1).setDroppedEventsCount(random.nextInt());
      default -> addAttributes(span);
    }
  }

  private void addAttributes(Span.Builder span) {
    for (int count = random.nextInt(6); count > 0; count--) {
      span.addAttributes(Attributes.attribute(pick(KEYS), value(0)));
    }
  }

  /** Of every type; lists and maps up to five deep. */
  private @Nullable Object value(int depth) {
    return switch (random.nextInt(depth < 5 ? 10 : 7)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextLong() >> random.nextInt(64);
      case 3 -> Double.longBitsToDouble(random.nextLong());
      case 4 -> bytes(random.nextInt(20));
      case 5, 6 -> text();
      case 7 -> list(depth);
      default -> map(depth);
    };
  }

  private List<@Nullable Object> list(int depth) {
    List<@Nullable Object> list = new ArrayList<>();
    for (int count = random.nextInt(4); count > 0; count--) {
      list.add(value(depth + 1));
    }
    return list;
  }

  private Map<String, @Nullable Object> map(int depth) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int count = random.nextInt(4); count > 0; count--) {
      map.put(pick(KEYS), value(depth + 1));
    }
    return map;
  }

  private String text() {
    return switch (random.nextInt(6)) {
      case 0 -> "";
      case 1 -> "\u0000";
      case 2 -> "\ud83d\ude80".repeat(random.nextInt(100));
      case 3 -> "x".repeat(random.nextInt(2000));
      default -> "name-" + random.nextInt(10);
    };
  }

  private ByteString id() {
    return switch (random.nextInt(4)) {
      case 0 -> ByteString.EMPTY;
      case 1 -> ByteString.copyFrom(new byte[16]);
      default -> ByteString.copyFrom(bytes(random.nextInt(40)));
    };
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
