package dev.weir.allinone;

import static org.awaitility.Awaitility.await;

import dev.weir.app.settings.SettingsLoader;
import dev.weir.distributor.application.DistributorApp;
import dev.weir.distributor.config.DistributorSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;

/** A distributor in this process, and traffic to it. */
final class TestDistributor implements AutoCloseable {
  private final DistributorApp app;
  private final TestTraffic traffic;

  private TestDistributor(DistributorApp app, TestTraffic traffic) {
    this.app = app;
    this.traffic = traffic;
  }

  /** Starts it and waits until it is ready. */
  static TestDistributor start(String kafka) {
    List<String> flags =
        List.of(
            "--kafka-bootstrap-servers=" + kafka,
            "--otlp-host=127.0.0.1",
            "--otlp-grpc-port=0",
            "--otlp-http-port=0");
    DistributorApp app =
        new DistributorApp(
            DistributorSettings.from(
                SettingsLoader.load(DistributorSettings.define(new ConfigDef()), flags, Map.of())),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    app.start();
    await()
        .atMost(TestInstallation.PATIENCE)
        .until(() -> app.readiness().checks().stream().allMatch(check -> check.ready()));
    return new TestDistributor(app, new TestTraffic("http://127.0.0.1:" + app.grpcPort()));
  }

  TestTraffic traffic() {
    return traffic;
  }

  @Override
  public void close() {
    traffic.close();
    app.close();
  }
}
