package dev.weir.benchmarks.payload;

import io.opentelemetry.proto.resource.v1.Resource;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** One of the services: its resource, and its operations with servers first. */
record Service(Resource resource, List<Operation> operations) {
  private static final int SERVICES = 20;
  private static final int OPERATIONS = 24;
  private static final int SERVER_OPERATIONS = 12;

  Service {
    operations = List.copyOf(operations);
  }

  static List<Service> all() {
    return IntStream.range(0, SERVICES).mapToObj(Service::of).toList();
  }

  private static Service of(int number) {
    return new Service(
        resource(number),
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

  private static Resource resource(int number) {
    String name = "shop-service-" + number;
    return Resource.newBuilder()
        .addAttributes(StandardPayload.attribute("service.name", name))
        .addAttributes(StandardPayload.attribute("service.namespace", "shop"))
        .addAttributes(StandardPayload.attribute("service.version", "1.4." + number))
        .addAttributes(StandardPayload.attribute("service.instance.id", name + "-7d9f8b6c5-x2x4z"))
        .addAttributes(StandardPayload.attribute("deployment.environment.name", "production"))
        .addAttributes(StandardPayload.attribute("telemetry.sdk.name", "opentelemetry"))
        .addAttributes(StandardPayload.attribute("telemetry.sdk.language", "java"))
        .addAttributes(StandardPayload.attribute("telemetry.sdk.version", "1.43.0"))
        .addAttributes(StandardPayload.attribute("k8s.namespace.name", "shop"))
        .addAttributes(StandardPayload.attribute("k8s.pod.name", name + "-7d9f8b6c5-x2x4z"))
        .addAttributes(StandardPayload.attribute("host.name", "node-" + number % 5))
        .build();
  }
}
