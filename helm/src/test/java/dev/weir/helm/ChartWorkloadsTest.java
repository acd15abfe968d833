package dev.weir.helm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.helm.Manifests.Node;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChartWorkloadsTest {
  private static final String DISTRIBUTOR = "Deployment/weir-distributor";
  private static final String STREAMS = "StatefulSet/weir-streams";
  private static final String INGESTER = "StatefulSet/weir-ingester";

  private final Manifests minimal = Chart.minimal().render();
  private final Manifests full = Chart.full().render();

  @Test
  void shouldPassHelmsLinter() {
    assertThat(Chart.lint().isFailed()).as(Chart.lint().getMessages().toString()).isFalse();
  }

  @Test
  void shouldRunTheThreeAppsByTheNamesTheyHaveInTheImage() {
    assertThat(minimal.workloads()).containsExactly(DISTRIBUTOR, INGESTER, STREAMS);
    assertThat(minimal.workloads())
        .extracting(workload -> minimal.container(workload).at("args").value())
        .containsExactly(
            List.of("distributor-producer", "--config", "/etc/weir/weir.yaml"),
            List.of("ingester-consumer", "--config", "/etc/weir/weir.yaml"),
            List.of("streams-app", "--config", "/etc/weir/weir.yaml"));
  }

  @Test
  void shouldTakeTheTagFromTheChartUnlessOneIsGiven() {
    assertThat(minimal.container(STREAMS).text("image"))
        .isEqualTo("registry.example.org/weir:0.1.0-SNAPSHOT");
    assertThat(full.container("StatefulSet/tracing-streams").text("image"))
        .isEqualTo("registry.example.org/weir:1.2.3");
  }

  @ParameterizedTest
  @ValueSource(strings = {DISTRIBUTOR, STREAMS, INGESTER})
  void shouldRunWithoutRootOnAReadOnlyFileSystem(String workload) {
    Node pod = minimal.pod(workload).at("securityContext");
    Node container = minimal.container(workload).at("securityContext");

    assertThat(pod.text("runAsNonRoot")).isEqualTo("true");
    assertThat(pod.at("seccompProfile").text("type")).isEqualTo("RuntimeDefault");
    assertThat(container.text("readOnlyRootFilesystem")).isEqualTo("true");
    assertThat(container.text("allowPrivilegeEscalation")).isEqualTo("false");
    assertThat(container.at("capabilities", "drop").value()).isEqualTo(List.of("ALL"));
  }

  @ParameterizedTest
  @ValueSource(strings = {DISTRIBUTOR, STREAMS, INGESTER})
  void shouldUnpackNativeLibrariesIntoAVolume(String workload) {
    assertThat(minimal.container(workload).named("volumeMounts", "tmp").text("mountPath"))
        .isEqualTo("/tmp");
    assertThat(minimal.pod(workload).named("volumes", "tmp").at("emptyDir").value()).isNotNull();
    assertThat(minimal.container(workload).named("env", "JAVA_TOOL_OPTIONS").text("value"))
        .startsWith("-Djava.io.tmpdir=/tmp ");
  }

  @ParameterizedTest
  @ValueSource(strings = {DISTRIBUTOR, STREAMS, INGESTER})
  void shouldProbeReadinessAndLivenessAtTheOperatorsEndpoints(String workload) {
    Node container = minimal.container(workload);

    assertThat(container.at("readinessProbe", "httpGet").text("path")).isEqualTo("/ready");
    assertThat(container.at("livenessProbe", "httpGet").text("path")).isEqualTo("/live");
    assertThat(container.at("startupProbe", "httpGet").text("path")).isEqualTo("/live");
    assertThat(container.named("ports", "http").text("containerPort")).isEqualTo("8080");
  }

  /** Else a release called weir could not start: its Services' variables begin with WEIR_. */
  @ParameterizedTest
  @ValueSource(strings = {DISTRIBUTOR, STREAMS, INGESTER})
  void shouldKeepServiceVariablesOutOfTheSettings(String workload) {
    assertThat(minimal.pod(workload).text("enableServiceLinks")).isEqualTo("false");
  }

  @ParameterizedTest
  @ValueSource(strings = {DISTRIBUTOR, STREAMS, INGESTER})
  void shouldSelectThePodsByLabelsThatNoValueChanges(String workload) {
    Node labels = minimal.get(workload).at("spec", "template", "metadata", "labels");
    Node selector = minimal.get(workload).at("spec", "selector", "matchLabels");
    String name = workload.substring(workload.indexOf('/') + 1);

    assertThat(labels.entries()).containsAllEntriesOf(selector.entries());
    assertThat(selector.value())
        .isEqualTo(minimal.get("Service/" + name).at("spec", "selector").value())
        .isEqualTo(
            minimal
                .get("PodDisruptionBudget/" + name)
                .at("spec", "selector", "matchLabels")
                .value());
  }

  @Test
  void shouldOpenThePortsOfOtlpAtTheDistributor() {
    Node service = minimal.get("Service/weir-distributor").at("spec");

    assertThat(service.each("ports", "name")).containsExactly("http", "otlp-grpc", "otlp-http");
    assertThat(service.each("ports", "port")).containsExactly("8080", "4317", "4318");
    assertThat(minimal.container(DISTRIBUTOR).each("ports", "name"))
        .containsExactlyElementsOf(service.each("ports", "targetPort"));
  }

  @Test
  void shouldGoOnServingUntilClientsHaveTurnedAway() {
    Node preStop = minimal.container(DISTRIBUTOR).at("lifecycle", "preStop", "exec");

    assertThat(preStop.at("command").value()).isEqualTo(List.of("sleep", "5"));
  }

  @Test
  void shouldKeepTheStateOfStreamsOnAVolumePerInstance() {
    Node claim = minimal.get(STREAMS).at("spec").items("volumeClaimTemplates").get(0);

    assertThat(claim.at("metadata").text("name")).isEqualTo("storage");
    assertThat(claim.at("spec", "resources", "requests").text("storage")).isEqualTo("20Gi");
    assertThat(minimal.container(STREAMS).named("volumeMounts", "storage").text("mountPath"))
        .isEqualTo("/var/lib/weir");
    assertThat(minimal.get("Service/weir-streams").at("spec").text("clusterIP")).isEqualTo("None");
    assertThat(minimal.get(STREAMS).at("spec").text("serviceName")).isEqualTo("weir-streams");
  }

  @Test
  void shouldRunStreamsWithoutAVolumeWhenPersistenceIsOff() {
    Manifests manifests = Chart.minimal().with("streams.persistence.enabled", false).render();

    assertThat(manifests.get(STREAMS).at("spec").items("volumeClaimTemplates")).isEmpty();
    assertThat(manifests.pod(STREAMS).named("volumes", "storage").at("emptyDir").value())
        .isEqualTo(Map.of());
  }

  @Test
  void shouldTakeAnExistingClaimForTraces() {
    String ingester = "StatefulSet/tracing-ingester";

    assertThat(full.get(ingester).at("spec").items("volumeClaimTemplates")).isEmpty();
    assertThat(
            full.pod(ingester)
                .named("volumes", "storage")
                .at("persistentVolumeClaim")
                .text("claimName"))
        .isEqualTo("traces");
  }

  @Test
  void shouldMountTheSecretsOfKafkaAndOfTheTargets() {
    String streams = "StatefulSet/tracing-streams";

    assertThat(full.container(streams).named("volumeMounts", "kafka").text("mountPath"))
        .isEqualTo("/etc/weir/kafka");
    assertThat(full.pod(streams).named("volumes", "kafka").at("secret").text("secretName"))
        .isEqualTo("weir-kafka");
    assertThat(full.container(streams).named("volumeMounts", "remote-write").text("mountPath"))
        .isEqualTo("/etc/weir/remote-write");
    assertThat(full.pod(streams).named("volumes", "remote-write").at("secret").text("secretName"))
        .isEqualTo("weir-targets");
  }

  @Test
  void shouldRestartOnlyTheComponentWhoseConfigurationChanges() {
    Manifests changed = Chart.minimal().with("streams.streamThreads", 4).render();

    assertThat(checksum(changed, STREAMS)).isNotEqualTo(checksum(minimal, STREAMS));
    assertThat(checksum(changed, DISTRIBUTOR)).isEqualTo(checksum(minimal, DISTRIBUTOR));
  }

  @Test
  void shouldRunNothingOfAComponentThatIsNotEnabled() {
    Manifests manifests =
        Chart.minimal().with("distributor.enabled", false).with("ingester.enabled", false).render();

    assertThat(manifests.byName().keySet())
        .containsExactlyInAnyOrder(
            "ConfigMap/weir-streams",
            "PodDisruptionBudget/weir-streams",
            "Service/weir-streams",
            STREAMS);
  }

  @Test
  void shouldPlacePodsAsAsked() {
    Node pod = full.pod("Deployment/tracing-distributor");

    assertThat(pod.at("nodeSelector").value()).isEqualTo(Map.of("kubernetes.io/arch", "amd64"));
    assertThat(pod.each("tolerations", "key")).containsExactly("dedicated");
    assertThat(pod.text("priorityClassName")).isEqualTo("high");
    assertThat(
            full.pod("StatefulSet/tracing-streams")
                .each("topologySpreadConstraints", "topologyKey"))
        .containsExactly("kubernetes.io/hostname");
    assertThat(full.pod("StatefulSet/tracing-ingester").at("affinity", "nodeAffinity").value())
        .isNotNull();
  }

  private static String checksum(Manifests manifests, String workload) {
    return manifests
        .get(workload)
        .at("spec", "template", "metadata", "annotations")
        .text("checksum/config");
  }
}
