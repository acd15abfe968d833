package dev.weir.allinone;

import dev.weir.allinone.demo.KafkaOutbox;
import dev.weir.allinone.demo.Outbox;
import dev.weir.allinone.demo.Pipeline;
import dev.weir.allinone.receiver.RemoteWriteReceiver;
import dev.weir.allinone.receiver.SeriesStore;
import dev.weir.app.endpoints.EffectiveConfig;
import dev.weir.app.endpoints.HttpServer;
import dev.weir.app.lifecycle.Component;
import dev.weir.app.lifecycle.ProcessSettings;
import dev.weir.app.lifecycle.Readiness;
import dev.weir.app.settings.Settings;
import dev.weir.app.topics.TopicSettings;
import dev.weir.kafka.EmbeddedKafka;
import dev.weir.schemas.topic.Topics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A broker, the topics, every application, and one HTTP server for all of them, in this process.
 * Started in the order of dependency and stopped in reverse.
 */
final class AllInOne implements Pipeline, AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private final Settings settings;
  private final DataDirectory data;
  private final Applications applications;
  private final SeriesStore received;
  private final Parts parts;

  private AllInOne(
      Settings settings,
      DataDirectory data,
      Applications applications,
      SeriesStore received,
      Parts parts) {
    this.settings = settings;
    this.data = data;
    this.applications = applications;
    this.received = received;
    this.parts = parts;
  }

  /**
   * Starts everything; if one part fails, those that were started are stopped again.
   *
   * @param withReceiver whether the built-in receiver is a target, besides those in the settings
   */
  static AllInOne start(
      SettingsSource source, Ports ports, DataDirectory data, boolean withReceiver) {
    Parts parts = new Parts();
    try {
      return start(source, ports, data, withReceiver, parts);
    } catch (RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  private static AllInOne start(
      SettingsSource source, Ports ports, DataDirectory data, boolean withReceiver, Parts parts) {
    SeriesStore store = new SeriesStore();
    Optional<String> receiverUrl =
        withReceiver ? Optional.of(startReceiver(data, store, parts)) : Optional.empty();
    String broker =
        parts
            .open(
                "broker",
                () -> EmbeddedKafka.start(data.kafka(), ports.port(Definition.KAFKA_PORT)))
            .bootstrapServers();
    Settings settings = source.inForce(ports, broker, receiverUrl);
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    ProcessSettings.bindJvmMetrics(registry);
    Applications applications = Applications.of(settings, registry);
    ensureSpansTopic(settings);
    parts.open("HTTP server", () -> serve(settings, applications.all(), registry, store));
    applications.byName().forEach(parts::start);
    return new AllInOne(settings, data, applications, store, parts);
  }

  private static String startReceiver(DataDirectory data, SeriesStore store, Parts parts) {
    RemoteWriteReceiver receiver =
        parts.open(
            "remote-write receiver", () -> BuiltInReceiver.start(data.receiverPort(), store));
    return receiver.url();
  }

  private static void ensureSpansTopic(Settings settings) {
    TopicSettings topics = TopicSettings.from(settings);
    Topics.ensure(topics.kafkaClient(), List.of(topics.spans()));
  }

  private static HttpServer serve(
      Settings settings,
      List<Component> applications,
      PrometheusMeterRegistry registry,
      SeriesStore store) {
    Map<String, Object> properties = new HashMap<>();
    List<Object> beans = new ArrayList<>();
    for (Component application : applications) {
      properties.putAll(application.httpProperties());
      beans.addAll(Arrays.asList(application.httpBeans()));
    }
    beans.add(Readiness.of(applications.stream().map(Component::readiness).toList()));
    beans.add(registry);
    beans.add(new EffectiveConfig(settings.effective()));
    beans.add(store);
    return HttpServer.start(
        ProcessSettings.HTTP_PORT,
        settings.string(ProcessSettings.HTTP_HOST),
        settings.integer(ProcessSettings.HTTP_PORT),
        properties,
        beans.toArray());
  }

  /**
   * Waits until every application can do its work, or {@code stop} is counted down.
   *
   * @throws IllegalStateException if one cannot after {@link #READY_WITHIN}
   */
  void awaitReady(CountDownLatch stop) throws InterruptedException {
    long began = System.nanoTime();
    while (!notReady().isEmpty()) {
      if (stop.await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
      if (System.nanoTime() - began > READY_WITHIN.toNanos()) {
        throw new IllegalStateException(
            "not ready after %d s: %s; see %s"
                .formatted(READY_WITHIN.toSeconds(), String.join(", ", notReady()), logFile()));
      }
    }
  }

  /** Completes, with the reason for people, when an application can never work again. */
  CompletableFuture<String> fatal() {
    return applications.fatal();
  }

  private List<String> notReady() {
    return applications.all().stream()
        .flatMap(application -> application.readiness().checks().stream())
        .filter(check -> !check.ready())
        .map(check -> check.name() + " (" + check.detail() + ")")
        .toList();
  }

  @Override
  public void close() {
    parts.close();
  }

  /** Every setting with its value in force. */
  Settings settings() {
    return settings;
  }

  @Override
  public String otlpGrpcUrl() {
    return url(Definition.OTLP_HOST, Definition.OTLP_GRPC_PORT);
  }

  /** Where OTLP over HTTP is taken. */
  String otlpHttpUrl() {
    return url(Definition.OTLP_HOST, Definition.OTLP_HTTP_PORT) + "/v1/traces";
  }

  @Override
  public String httpUrl() {
    return url(ProcessSettings.HTTP_HOST, ProcessSettings.HTTP_PORT);
  }

  @Override
  public OptionalLong completeThrough() {
    return applications.completeThrough();
  }

  @Override
  public SeriesStore received() {
    return received;
  }

  @Override
  public Outbox outbox() {
    return new KafkaOutbox(settings.kafkaClient(), settings.string(Definition.SAMPLES_TOPIC));
  }

  @Override
  public Duration window() {
    return settings.duration(Definition.WINDOW);
  }

  @Override
  public Duration graphWait() {
    return settings.duration(Definition.GRAPH_WAIT);
  }

  @Override
  public boolean hasHistory() {
    return data.hasHistory();
  }

  @Override
  public Path logFile() {
    return data.log();
  }

  /** A listener on every address is reached on loopback, too. */
  private String url(String hostKey, String portKey) {
    String host = settings.string(hostKey);
    return "http://%s:%d"
        .formatted(host.equals("0.0.0.0") ? Definition.LOOPBACK : host, settings.integer(portKey));
  }
}
