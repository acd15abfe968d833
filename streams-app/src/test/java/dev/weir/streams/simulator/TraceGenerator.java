package dev.weir.streams.simulator;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Makes up traces of one or two spans that the service graph cares about, and places the second
 * half in the same record or a later one of the same partition.
 */
final class TraceGenerator {
  private static final String BROKEN = "~~"; // becomes bytes that are not UTF-8
  private static final ByteString NOT_UTF8 =
      ByteString.copyFrom(new byte[] {(byte) 0xC3, (byte) 0x28});
  private static final ByteString ZERO_ID = ByteString.copyFrom(new byte[8]);
  private static final long SECOND = 1_000_000_000L;
  private static final long[] DURATIONS = {
    0, 1, 2_000_000, 2_000_001, 100_000_000, 100_000_001, 512_000_000, 30 * SECOND, -5, -SECOND
  };
  private static final List<String> NAMES =
      List.of(
          "GET /a", "GET /b", "", "na~~me", "größe \"x\"\n\\", "€€€€€", "POST " + "p".repeat(140));
  private static final List<String> NAMING_ATTRIBUTES =
      List.of(
          "peer.service",
          "server.address",
          "network.peer.address",
          "network.peer.port",
          "db.name",
          "db.namespace",
          "db.system",
          "db.system.name",
          "peer");
  private static final List<String> TRACE_STATES =
      List.of(
          "ot=th:8",
          "ot=th:4",
          "ot=th:4;rv:00112233445566",
          "not=th:8, ot=rv:ffffffffffffff;th:4 ,x=y",
          "ot=th:ffffffffffffff",
          "ot=th:xyz",
          "vendor=th:8");
  private static final List<String> DIMENSIONS = List.of("zone", "zone.größe", "zone_gr__e");

  /** A span with its resource and tenant, and the record it may stand in. */
  record Placed(String tenant, Resource resource, Span span, int fromRecord) {}

  private final RandomGenerator random;
  private final List<Resource> resources = resources();
  private final List<Placed> pending = new ArrayList<>();
  private final boolean isScattered;
  private final boolean isWide;
  private final int longNameLength;

  /**
   * @param scattered whether spans of a trace may be in several partitions, and link to others
   */
  TraceGenerator(RandomGenerator random, boolean scattered) {
    this.random = random;
    this.isScattered = scattered;
    this.isWide = random.nextInt(80) == 0;
    this.longNameLength = random.nextInt(2) == 0 ? 2_500 : 0;
  }

  private static List<Resource> resources() {
    List<Resource> all = new ArrayList<>();
    for (String service : List.of("cart", "shop", "pay", "", "br~~ken", "übersee")) {
      all.add(resource("service.name", text(service)));
    }
    all.add(resource("service.name", AnyValue.newBuilder().setIntValue(42).build()));
    all.add(resource("service.name", AnyValue.newBuilder().setBoolValue(true).build()));
    all.add(resource("host.name", text("nameless")));
    all.add(
        resource("service.name", text("shop")).toBuilder()
            .addAttributes(attribute("p", decimal(0.25)))
            .build());
    all.add(
        resource("service.name", text("cart")).toBuilder()
            .addAttributes(attribute("peer.service", text("of-resource")))
            .addAttributes(attribute("service.name", text("second")))
            .addAttributes(attribute("zone", text("of-resource")))
            .build());
    all.add(
        resource("service.name", text("cart")).toBuilder()
            .addAttributes(attribute("service.namespace", text("b~uy")))
            .addAttributes(
                attribute("service.instance.id", AnyValue.newBuilder().setIntValue(7).build()))
            .addAttributes(attribute("job", text("batch")))
            .addAttributes(attribute("", text("no key")))
            .addAttributes(attribute("1st", text("digit")))
            .build());
    for (String instance : List.of("i-1", "i-2", "")) {
      all.add(
          resource("service.instance.id", text(instance)).toBuilder()
              .addAttributes(attribute("service.name", text("pay")))
              .addAttributes(attribute("service.namespace", text("buy")))
              .addAttributes(attribute("host.name", text("a")))
              .addAttributes(attribute("host_name", text(instance)))
              .addAttributes(attribute("zone", text("br~~ken")))
              .build());
    }
    all.add(
        resource("service.namespace", text("buy")).toBuilder()
            .addAttributes(attribute("host.name", text("a")))
            .build());
    all.add(
        resource("service.name", text("shop")).toBuilder()
            .addAttributes(attribute("service.namespace", text("")))
            .addAttributes(attribute("instance", text("x")))
            .addAttributes(attribute("größe", text("L")))
            .build());
    return all;
  }

  private static Resource resource(String key, AnyValue value) {
    return Resource.newBuilder().addAttributes(attribute(key, value)).build();
  }

  private static KeyValue attribute(String key, AnyValue value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  private static AnyValue text(String value) {
    return AnyValue.newBuilder().setStringValue(value).build();
  }

  /** What was pending is of other partitions, unless traces are scattered. */
  void beginPartition() {
    if (isScattered) {
      pending.replaceAll(
          span -> new Placed(span.tenant(), span.resource(), span.span(), random.nextInt(4)));
    } else {
      pending.clear();
    }
  }

  /** The spans of a record: new traces, and the other halves of earlier ones. */
  List<Placed> next(String tenant, int record) {
    int traces = random.nextInt(5);
    for (int i = 0; i < traces; i++) {
      beginTrace(tenant, record);
    }
    if (isWide && record % 2 == 0) {
      beginManyOperations(tenant, record);
    }
    List<Placed> due =
        new ArrayList<>(
            pending.stream()
                .filter(span -> span.tenant().equals(tenant) && span.fromRecord() <= record)
                .filter(span -> !isScattered || random.nextInt(3) > 0)
                .toList());
    pending.removeAll(due);
    return due;
  }

  /** More label sets than an outbox record holds, now and then more than a batch of deltas does. */
  private void beginManyOperations(String tenant, int record) {
    for (int i = 0; i < 120; i++) {
      String name = "op" + i + "x".repeat(longNameLength);
      add(tenant, record, span(Span.SpanKind.SPAN_KIND_INTERNAL_VALUE).setName(name));
    }
  }

  private void beginTrace(String tenant, int record) {
    if (isScattered && random.nextInt(6) == 0) {
      consumeBatch(tenant, record);
      return;
    }
    switch (random.nextInt(14)) {
      case 0, 1, 2, 3 -> pair(tenant, record, 3, 2);
      case 4 -> pair(tenant, record, 4, 5);
      case 5 -> pair(tenant, record, random.nextInt(3, 5), random.nextBoolean() ? 2 : 5);
      case 6, 7 -> add(tenant, record, named(span(random.nextBoolean() ? 2 : 5)));
      case 8 ->
          add(tenant, record, named(span(random.nextBoolean() ? 2 : 5)).setParentSpanId(ZERO_ID));
      case 9, 10 -> add(tenant, record, named(span(random.nextInt(3, 5))));
      case 11 -> add(tenant, record, named(span(2)).setParentSpanId(id(8)));
      case 12 -> add(tenant, record, span(random.nextInt(8)));
      default -> fanOut(tenant, record);
    }
  }

  private void pair(String tenant, int record, int clientKind, int serverKind) {
    Span.Builder client = span(clientKind);
    Span.Builder server =
        span(serverKind).setTraceId(client.getTraceId()).setParentSpanId(client.getSpanId());
    if (random.nextInt(4) == 0) {
      named(client);
    }
    boolean clientFirst = random.nextBoolean();
    add(tenant, clientFirst ? record : later(record), client);
    add(tenant, clientFirst ? later(record) : record, server);
  }

  /** Producers of several traces, one of whom may be the parent, and a consumer with links. */
  private void consumeBatch(String tenant, int record) {
    Span.Builder consumer = span(random.nextInt(6) == 0 ? 2 : 5);
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      Span.Builder producer = span(random.nextInt(6) == 0 ? 3 : 4);
      Span.Link.Builder link =
          Span.Link.newBuilder()
              .setTraceId(producer.getTraceId())
              .setSpanId(random.nextInt(6) == 0 ? id(8) : producer.getSpanId());
      consumer.addLinks(link.setTraceState("v=" + i));
      if (random.nextInt(3) == 0) {
        consumer.setTraceId(producer.getTraceId()).setParentSpanId(producer.getSpanId());
      }
      add(tenant, later(record), producer);
    }
    add(tenant, later(record), consumer);
  }

  private void fanOut(String tenant, int record) {
    Span.Builder client = span(3);
    add(tenant, later(record), client);
    for (int i = 0; i < 2; i++) {
      add(
          tenant,
          later(record),
          span(2).setTraceId(client.getTraceId()).setParentSpanId(client.getSpanId()));
    }
  }

  private int later(int record) {
    return record + (random.nextInt(3) == 0 ? random.nextInt(6) : random.nextInt(2));
  }

  private void add(String tenant, int record, Span.Builder span) {
    Resource resource = resources.get(random.nextInt(resources.size()));
    pending.add(new Placed(tenant, resource, span.build(), record));
    if (random.nextInt(12) == 0) {
      pending.add(new Placed(tenant, resource, span.build(), later(record)));
    }
  }

  private Span.Builder named(Span.Builder span) {
    for (String key : NAMING_ATTRIBUTES) {
      if (random.nextInt(4) == 0) {
        span.addAttributes(attribute(key, value(key)));
      }
    }
    return span;
  }

  private AnyValue value(String key) {
    return switch (random.nextInt(8)) {
      case 0 -> text("");
      case 1 -> AnyValue.getDefaultInstance();
      case 2 -> text("p" + BROKEN);
      case 3 -> AnyValue.newBuilder().setIntValue(random.nextInt(3) - 1L).build();
      default -> text(key.substring(key.length() - 2));
    };
  }

  private Span.Builder span(int kind) {
    long start = random.nextInt(12) == 0 ? 0 : 1_700_000_000L * SECOND + random.nextInt();
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(id(16))
            .setSpanId(id(8))
            .setName(NAMES.get(random.nextInt(NAMES.size())))
            .setKindValue(kind)
            .setStartTimeUnixNano(start)
            .setEndTimeUnixNano(start + DURATIONS[random.nextInt(DURATIONS.length)]);
    if (random.nextInt(3) == 0) {
      String key = DIMENSIONS.get(random.nextInt(DIMENSIONS.size()));
      span.addAttributes(attribute(key, value(key)));
    }
    if (random.nextInt(3) == 0) {
      span.setTraceState(TRACE_STATES.get(random.nextInt(TRACE_STATES.size())));
    }
    if (random.nextInt(4) == 0) {
      span.addAttributes(attribute("p", probability()));
    }
    if (random.nextInt(3) == 0) {
      span.setStatus(Status.newBuilder().setCodeValue(random.nextInt(4)).setMessage("why"));
    }
    return span;
  }

  private AnyValue probability() {
    return switch (random.nextInt(6)) {
      case 0 -> text("0.5");
      case 1 -> AnyValue.newBuilder().setIntValue(1).build();
      case 2 -> decimal(-0.5);
      case 3 -> decimal(random.nextBoolean() ? 1e-300 : 1e300);
      default -> decimal(random.nextInt(1, 10) / 8.0);
    };
  }

  private static AnyValue decimal(double value) {
    return AnyValue.newBuilder().setDoubleValue(value).build();
  }

  private ByteString id(int length) {
    byte[] id = new byte[length];
    random.nextBytes(id);
    return ByteString.copyFrom(id);
  }

  /** Puts bytes that are not UTF-8 where names asked for them; protobuf's builders refuse to. */
  static ByteString spoiled(ByteString value) {
    byte[] bytes = value.toByteArray();
    for (int i = 0; i + 1 < bytes.length; i++) {
      if (bytes[i] == '~' && bytes[i + 1] == '~') {
        NOT_UTF8.copyTo(bytes, i);
      }
    }
    return ByteString.copyFrom(bytes);
  }
}
