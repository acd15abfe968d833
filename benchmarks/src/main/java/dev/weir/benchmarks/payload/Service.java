package dev.weir.benchmarks.payload;

import io.opentelemetry.proto.resource.v1.Resource;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** One of the services: its number, and its operations, servers first, then clients. */
record Service(int number, List<Operation> operations) {
  private static final int SERVICES = 20;
  private static final int OPERATIONS = 24;
  private static final int SERVER_OPERATIONS = 12;
  private static final int CLIENT_OPERATIONS = 8;

  Service {
    operations = List.copyOf(operations);
  }

  static List<Service> all() {
    return IntStream.range(0, SERVICES).mapToObj(Service::of).toList();
  }

  private static Service of(int number) {
    return new Service(
        number,
        IntStream.range(0, OPERATIONS)
            .mapToObj(index -> Operation.of(number, index, OPERATIONS))
            .toList());
  }

  /** A server operation at an even place in the trace, another one at an odd place. */
  Operation operation(int position, RandomGenerator random) {
    return position % 2 == 0
        ? operations.get(random.nextInt(SERVER_OPERATIONS))
        : operations.get(SERVER_OPERATIONS + random.nextInt(OPERATIONS - SERVER_OPERATIONS));
  }

  Operation server(RandomGenerator random) {
    return operations.get(random.nextInt(SERVER_OPERATIONS));
  }

  Operation client(RandomGenerator random) {
    return operations.get(SERVER_OPERATIONS + random.nextInt(CLIENT_OPERATIONS));
  }

  /** A call of its database. */
  Operation database() {
    return Operation.ofDatabase(number * OPERATIONS + OPERATIONS - 1, "orders_" + number);
  }

  /** One of its processes. */
  Resource resource(int instance) {
    String name = "shop-service-" + number;
    String pod = name + "-7d9f8b6c5-x2x4z" + (instance == 0 ? "" : "-" + instance);
    return Resource.newBuilder()
        .addAttributes(SpanMaker.attribute("service.name", name))
        .addAttributes(SpanMaker.attribute("service.namespace", "shop"))
        .addAttributes(SpanMaker.attribute("service.version", "1.4." + number))
        .addAttributes(SpanMaker.attribute("service.instance.id", pod))
        .addAttributes(SpanMaker.attribute("deployment.environment.name", "production"))
        .addAttributes(SpanMaker.attribute("telemetry.sdk.name", "opentelemetry"))
        .addAttributes(SpanMaker.attribute("telemetry.sdk.language", "java"))
        .addAttributes(SpanMaker.attribute("telemetry.sdk.version", "1.43.0"))
        .addAttributes(SpanMaker.attribute("k8s.namespace.name", "shop"))
        .addAttributes(SpanMaker.attribute("k8s.pod.name", pod))
        .addAttributes(SpanMaker.attribute("host.name", "node-" + number % 5))
        .build();
  }
}
