package dev.weir.distributor.application;

import dev.weir.app.endpoints.HttpServer;
import dev.weir.app.lifecycle.Component;
import dev.weir.app.lifecycle.Readiness;
import dev.weir.app.topics.TopicSettings;
import dev.weir.distributor.config.DistributorSettings;
import dev.weir.distributor.distribution.Distributor;
import dev.weir.distributor.distribution.InflightBudget;
import dev.weir.distributor.publisher.KafkaSpanLog;
import dev.weir.distributor.receiver.grpc.GrpcReceiver;
import dev.weir.distributor.receiver.http.OtlpHttp;
import dev.weir.distributor.telemetry.DistributorMetrics;
import dev.weir.distributor.validation.TenantRule;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The distributor: two receivers in front, a topic behind. It accepts connections at once; until
 * the topic is known, requests are told to try again.
 */
public final class DistributorApp implements Component {
  private static final Logger LOG = LoggerFactory.getLogger(DistributorApp.class);
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  /** Workers may wait for Kafka's buffer for a moment, so there are more than processors. */
  private static final int WORKERS = Math.max(4, 2 * PROCESSORS);

  private static final Duration FINISH_WITHIN = Duration.ofSeconds(10);
  private static final int BROKER_ANSWERS_WITHIN_MS = 5_000;

  private final DistributorSettings settings;
  private final InflightBudget budget;
  private final KafkaSpanLog log;
  private final Distributor distributor;
  private final GrpcReceiver grpc;
  private final OtlpHttp otlpHttp;
  private final ExecutorService workers = threads("weir-distributor-worker-", WORKERS);
  private final ExecutorService decoders = threads("weir-distributor-grpc-", PROCESSORS);
  private volatile @Nullable HttpServer http;
  private volatile boolean grpcListens;

  /** Does no I/O; see {@link #start}. */
  public DistributorApp(DistributorSettings settings, PrometheusMeterRegistry registry) {
    this.settings = settings;
    TopicSettings topics = settings.topics();
    budget = new InflightBudget(settings.maxInflightBytes(), System::nanoTime);
    DistributorMetrics metrics = new DistributorMetrics(registry, budget::usedBytes);
    if (!topics.multitenancy()) {
      metrics.expect(TopicSettings.SINGLE_TENANT);
    }
    log =
        new KafkaSpanLog(
            adminConfig(topics.kafkaClient()),
            settings.producer().producerConfig(topics.kafkaClient(), settings.maxInflightBytes()),
            topics.spans(),
            FINISH_WITHIN,
            metrics);
    distributor =
        new Distributor(
            new TenantRule(topics.multitenancy(), TopicSettings.SINGLE_TENANT),
            topics.codec(),
            settings.producer().maxRecordBytes(),
            log,
            budget,
            workers,
            System::nanoTime,
            metrics);
    grpc =
        new GrpcReceiver(
            distributor,
            DistributorSettings.GRPC_PORT,
            settings.host(),
            settings.grpcPort(),
            settings.maxRequestBytes(),
            decoders);
    otlpHttp = new OtlpHttp(distributor, settings.maxRequestBytes());
  }

  @Override
  public void start() {
    log.start();
    grpc.start();
    grpcListens = true;
    http =
        HttpServer.start(
            DistributorSettings.HTTP_PORT,
            settings.host(),
            settings.httpPort(),
            otlpHttp.serverProperties(),
            otlpHttp);
    LOG.info("accepting OTLP over gRPC on port {}, over HTTP on port {}", grpcPort(), httpPort());
  }

  /** The port of OTLP over gRPC, once started. */
  public int grpcPort() {
    return grpc.port();
  }

  /** The port of OTLP over HTTP, once started. */
  public int httpPort() {
    HttpServer server = http;
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server.port();
  }

  @Override
  public Readiness readiness() {
    return Readiness.of(
        List.of(
            Readiness.of("kafka", log::isConnected, log::state),
            Readiness.of("otlp-grpc", () -> grpcListens, () -> listening(grpcListens)),
            Readiness.of("otlp-http", () -> http != null, () -> listening(http != null))));
  }

  /**
   * Refuses new requests, waits for the answers of those in flight, then closes from the front to
   * the back; HTTP last, so that answers just given still get out.
   */
  @Override
  public void close() {
    distributor.refuseNew();
    grpc.stopAccepting();
    grpcListens = false;
    awaitAnswers();
    grpc.close();
    log.close();
    HttpServer server = http;
    http = null;
    if (server != null) {
      server.close();
    }
    workers.shutdownNow();
    decoders.shutdownNow();
  }

  private void awaitAnswers() {
    try {
      if (!budget.awaitEmpty(FINISH_WITHIN) || !grpc.awaitEmpty(FINISH_WITHIN)) {
        LOG.warn("requests of {} bytes were not answered", budget.usedBytes());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String listening(boolean listens) {
    return listens ? "listening" : "not listening";
  }

  private static Map<String, Object> adminConfig(Map<String, Object> kafkaClient) {
    Map<String, Object> config = new TreeMap<>(kafkaClient);
    config.keySet().retainAll(AdminClientConfig.configNames());
    config.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, BROKER_ANSWERS_WITHIN_MS);
    config.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, BROKER_ANSWERS_WITHIN_MS);
    return config;
  }

  private static ExecutorService threads(String name, int count) {
    AtomicInteger next = new AtomicInteger(1);
    return Executors.newFixedThreadPool(
        count,
        task -> {
          Thread thread = new Thread(task, name + next.getAndIncrement());
          thread.setDaemon(true);
          return thread;
        });
  }
}
