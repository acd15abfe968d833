package dev.weir.allinone;

import dev.weir.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/**
 * A broker as a process, until it is killed: directory, port, and settings as {@code key=value}.
 */
final class BrokerProcess {
  private BrokerProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    Map<String, String> settings =
        Arrays.stream(arguments, 2, arguments.length)
            .map(setting -> setting.split("=", 2))
            .collect(Collectors.toMap(setting -> setting[0], setting -> setting[1]));
    try (EmbeddedKafka kafka =
        EmbeddedKafka.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]), settings)) {
      System.out.println("broker on " + kafka.bootstrapServers());
      new CountDownLatch(1).await();
    }
  }
}
