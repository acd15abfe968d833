package dev.weir.streams.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteWriteTargetsTest {
  @TempDir Path directory;

  @Test
  void shouldReadPrometheusForm() throws Exception {
    Files.writeString(directory.resolve("secret"), "first\n");
    List<RemoteWriteTarget> targets =
        read(
            """
            remote_write:
              - url: https://mimir.example/api/v1/push
                name: mimir
                remote_timeout: 1m30s
                protobuf_message: io.prometheus.write.v2.Request
                headers:
                  X-Scope-OrgID: team
                authorization:
                  credentials_file: secret
              - url: http://prometheus:9090/api/v1/write
                basic_auth:
                  username: me
                  password: pass
            """);

    RemoteWriteTarget mimir = targets.get(0);
    assertThat(mimir.name()).isEqualTo("mimir");
    assertThat(mimir.version()).isEqualTo(RemoteWriteVersion.V2);
    assertThat(mimir.timeout()).isEqualTo(Duration.ofSeconds(90));
    assertThat(mimir.headers()).containsEntry("X-Scope-OrgID", "team");
    assertThat(mimir.authorization().header()).contains("Bearer first");
    assertThat(targets.get(1).authorization().header()).contains("Basic bWU6cGFzcw==");
    assertThat(targets.get(1).timeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(targets).asString().doesNotContain("pass");
  }

  @Test
  void shouldUseASecretThatWasRotated() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "first");
    RemoteWriteTarget target =
        read("remote_write: [{url: 'http://a/', bearer_token_file: secret}]").get(0);

    Files.writeString(secret, "second");

    assertThat(target.authorization().header()).contains("Bearer second");
  }

  @Test
  void shouldNameATargetByItsUrlAlways() {
    List<RemoteWriteTarget> targets =
        RemoteWriteTargets.ofUrls(List.of("http://a:9090/x", "http://a:9090/y", "https://a/x"));

    assertThat(targets)
        .extracting(RemoteWriteTarget::name)
        .containsExactly("a-9090-a9f7008e", "a-9090-def03018", "a-443-b95b698e");
    assertThat(RemoteWriteTarget.ofUrl(URI.create("http://a:9090/x"))).isEqualTo(targets.get(0));
  }

  /** As it stands in many a configuration of Prometheus and Tempo. */
  @Test
  void shouldTakeAWholeBlock() throws Exception {
    RemoteWriteTarget target =
        read("""
                remote_write:
                  - url: https://a/api/v1/push
                    send_exemplars: true
                    send_native_histograms: true
                    follow_redirects: true
                    enable_http2: true
                    proxy_url: http://proxy:3128
                    metadata_config: {send: true, send_interval: 1m}
                    tls_config:
                      ca_file: ca.pem
                      cert_file: cert.pem
                      key_file: key.pem
                      server_name: b
                      insecure_skip_verify: false
                      min_version: TLS12
                    queue_config:
                      capacity: 10000
                      min_shards: 1
                      max_shards: 50
                      max_samples_per_send: 2000
                      batch_send_deadline: 5s
                      min_backoff: 100ms
                      max_backoff: 10s
                      retry_on_http_429: true
                      sample_age_limit: 0s
                    write_relabel_configs:
                      - {source_labels: [__name__], regex: 'go_.*', action: drop}
                    tenants: [x, y]
                    exclude_tenants: [y]
                """)
            .get(0);

    assertThat(target.connection().tls().serverName()).contains("b");
    assertThat(target.connection().proxy()).contains(new Connection.ProxyAddress("proxy", 3128));
    assertThat(target.connection().http2()).isTrue();
    assertThat(target.limits())
        .isEqualTo(new RequestLimits(2000, 50, Duration.ofMillis(100), Duration.ofSeconds(10)));
    assertThat(target.tenants().includes("x")).isTrue();
    assertThat(target.tenants().includes("y")).isFalse();
    assertThat(target.tenants().includes("z")).isFalse();
    assertThat(target.relabeling().rules()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [{url: 'http://a/', sigv4: {}}]                                  | sigv4 in remote_write[0] in
          [{url: 'http://a/', tls_config: {cert: x}}]                      | must have both a certificate (cert, cert_file) and a key
          [{url: 'http://a/', tls_config: {insecure_skip_verify: 1}}]      | must be true or false, not '1'
          [{url: 'http://a/', proxy_url: 'socks5://b:1'}]                  | proxy_url must be http://host:port
          [{url: 'http://a/', queue_config: {max_shards: 0}}]              | max_shards of a remote-write target must be from 1
          [{url: 'http://a/', queue_config: {max_backoff: 1ms}}]           | max_backoff of a remote-write target must not be less
          [{url: 'http://a/', queue_config: {shards: 1}}]                  | unknown key 'shards'
          [{url: 'http://a/', tenants: a}]                                 | tenants in remote_write[0]
          [{url: 'http://a/', write_relabel_configs: [{action: x}]}]       | must be one of replace, keep, drop
          [{url: 'http://a/', write_relabel_configs: [{regex: '('}]}]      | regex in write_relabel_configs[0] of remote_write[0]
          [{url: 'http://a/', write_relabel_configs: [{action: hashmod, target_label: a}]}] | needs a modulus
          [{url: 'http://a/', write_relabel_configs: [{action: replace}]}] | action replace needs target_label
          [{url: 'http://a/', headers: {A: b, a: c}}]                      | is there twice
          [{url: 'http://a/', urll: b}]                                    | unknown key 'urll'; allowed are authorization, basic_auth
          [{name: a}]                                                      | needs url
          [{url: 'a/b'}]                                                   | must be absolute, with http or https and a host, not 'a/b'
          [{url: 'ftp://a/'}]                                              | with http or https
          [{url: 'http://me:pass@a/'}]                                     | the url http://a/ must not hold credentials
          [{url: 'http://a/'}, {url: 'http://a/'}]                         | two remote-write targets are called a-80-
          [{url: 'http://a/', name: 'x y'}]                                | must be 1 to 100 letters, digits
          [{url: 'http://a/', remote_timeout: 30}]                         | such as 30s or 1m30s, not '30'
          [{url: 'http://a/', remote_timeout: 0s}]                         | must be at least 1ms
          [{url: 'http://a/', protobuf_message: x}]                        | must be prometheus.WriteRequest or io.prometheus.write.v2.Request, not 'x'
          [{url: 'http://a/', headers: {Host: b}}]                         | the header Host is set by
          [{url: 'http://a/', basic_auth: {username: u, pasword: p}}]      | basic_auth of remote_write[0]
          [{url: 'http://a/', bearer_token: a, bearer_token_file: b}]      | must not have both bearer_token and bearer_token_file
          [{url: 'http://a/', bearer_token: a, basic_auth: {username: u}}] | at most one of
          [{url: 'http://a/', authorization: {type: Bearer}}]              | needs credentials or credentials_file
          [null]                                                           | must be a mapping
          x                                                                | must be a list
          """)
  void shouldSayWhatIsWrong(String list, String message) {
    assertThatThrownBy(() -> read("remote_write: " + list)).hasMessageContaining(message);
  }

  private List<RemoteWriteTarget> read(String yaml) throws IOException {
    return RemoteWriteTargets.read(Files.writeString(directory.resolve("targets.yaml"), yaml));
  }
}
