package dev.weir.streams.simulator;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What one task observed of labels in a transaction. */
final class Observed {
  private record Observation(String tenant, ByteString value) {}

  private final List<Observation> all = new ArrayList<>();

  void add(byte[] tenant, byte[] observations) {
    String name = new String(tenant, StandardCharsets.UTF_8);
    all.add(new Observation(name, ByteString.copyFrom(observations)));
  }

  void commit(SimulatedTenants to) {
    all.forEach(
        observation -> to.observed(observation.tenant(), observation.value().toByteArray()));
    all.clear();
  }

  void crash() {
    all.clear();
  }
}
