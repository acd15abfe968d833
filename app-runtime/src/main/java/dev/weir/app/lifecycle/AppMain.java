package dev.weir.app.lifecycle;

import dev.weir.app.endpoints.EffectiveConfig;
import dev.weir.app.endpoints.HttpServer;
import dev.weir.app.endpoints.PortTakenException;
import dev.weir.app.settings.InvalidSettingsException;
import dev.weir.app.settings.Settings;
import dev.weir.app.settings.SettingsLoader;
import dev.weir.app.settings.SettingsReference;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.config.ConfigDef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code main} of an application that runs alone: settings, component, HTTP server, and an
 * orderly stop on SIGTERM.
 */
public final class AppMain {
  private static final Logger LOG = LoggerFactory.getLogger(AppMain.class);

  /** Exit code for settings or a surrounding that the application cannot start with. */
  private static final int CANNOT_START = 2;

  /** Exit code for an application that had to give up. */
  private static final int FAILED = 1;

  private AppMain() {}

  /** Makes the component from validated settings; must not do I/O. */
  @FunctionalInterface
  public interface Factory {
    Component create(Settings settings, PrometheusMeterRegistry registry);
  }

  /**
   * Runs an application until it is told to stop.
   *
   * @param name the application's name, as in its jar
   * @param purpose one line for {@code --help}
   * @param definition its settings; those of {@link ProcessSettings} are added
   * @return the exit code
   */
  public static int run(
      String name, String purpose, ConfigDef definition, Factory factory, String... arguments) {
    ConfigDef all = ProcessSettings.addTo(new ConfigDef(definition));
    List<String> args = Arrays.asList(arguments);
    if (args.contains("--help") || args.contains("-h")) {
      System.out.println(help(name, purpose, all));
      return 0;
    }
    try {
      Settings settings = SettingsLoader.load(all, args, System.getenv());
      ProcessSettings.configureLogging(settings);
      return run(name, settings, factory);
    } catch (InvalidSettingsException e) {
      e.problems().forEach(problem -> System.err.println(name + ": " + problem));
    } catch (PortTakenException e) {
      System.err.println(name + ": " + e.getMessage());
    }
    return CANNOT_START;
  }

  private static int run(String name, Settings settings, Factory factory) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    ProcessSettings.bindJvmMetrics(registry);
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Thread hook = new Thread(() -> stopAndWait(stop, stopped), name + "-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    try (Component component = factory.create(settings, registry);
        HttpServer server = serve(settings, component, registry)) {
      var unused = component.fatal().thenAccept(reason -> stop.countDown());
      component.start();
      LOG.info("{} started, HTTP on port {}", name, server.port());
      stop.await();
      if (component.fatal().isDone()) {
        LOG.error("{} cannot go on: {}", name, component.fatal().join());
        return FAILED;
      }
      LOG.info("{} stops", name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stopped.countDown();
    }
    return 0;
  }

  private static HttpServer serve(
      Settings settings, Component component, PrometheusMeterRegistry registry) {
    Object[] own = component.httpBeans();
    Object[] beans = Arrays.copyOf(own, own.length + 3);
    beans[own.length] = component.readiness();
    beans[own.length + 1] = registry;
    beans[own.length + 2] = new EffectiveConfig(settings.effective());
    return HttpServer.start(
        ProcessSettings.HTTP_PORT,
        settings.string(ProcessSettings.HTTP_HOST),
        settings.integer(ProcessSettings.HTTP_PORT),
        component.httpProperties(),
        beans);
  }

  private static void stopAndWait(CountDownLatch stop, CountDownLatch stopped) {
    stop.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String help(String name, String purpose, ConfigDef definition) {
    return """
        %s - %s

        Usage: java -jar %s.jar [--config FILE] [--flag value ...]

        A setting comes from its default, then from the file (YAML or .properties), then from the
        environment (WEIR_ and its name in capitals), then from its flag; the last one wins.
        kafka.* is handed to Kafka's clients, such as kafka.security.protocol.

        %s"""
        .formatted(name, purpose, name, SettingsReference.help(definition));
  }
}
