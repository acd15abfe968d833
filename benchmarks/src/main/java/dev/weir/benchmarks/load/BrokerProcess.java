package dev.weir.benchmarks.load;

import dev.weir.kafka.EmbeddedKafka;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/** A broker as a process; says where it is, and runs until its input ends. */
public final class BrokerProcess {
  static final String READY = "READY";

  private BrokerProcess() {}

  /**
   * Runs.
   *
   * @param arguments the directory of the broker's data
   */
  public static void run(List<String> arguments) throws IOException {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments.get(0)), 0)) {
      System.out.println(READY + " " + kafka.bootstrapServers());
      untilInputEnds();
    }
  }

  static void untilInputEnds() throws IOException {
    System.in.transferTo(OutputStream.nullOutputStream());
  }
}
