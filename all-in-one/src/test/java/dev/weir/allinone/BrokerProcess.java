package dev.weir.allinone;

import dev.weir.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A broker as a process, until it is killed. */
final class BrokerProcess {
  private BrokerProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    try (EmbeddedKafka kafka =
        EmbeddedKafka.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]))) {
      System.out.println("broker on " + kafka.bootstrapServers());
      new CountDownLatch(1).await();
    }
  }
}
