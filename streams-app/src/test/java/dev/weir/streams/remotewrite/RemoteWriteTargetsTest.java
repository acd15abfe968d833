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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
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
