package dev.weir.streams.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that shows a certificate and asks for one. */
class TlsTest {
  private static final HeldCertificate AUTHORITY = authority();
  private static final HeldCertificate STRANGER = authority();

  @TempDir Path directory;
  private FakeReceiver receiver;

  @BeforeEach
  void startReceiver() throws Exception {
    HeldCertificate server =
        new HeldCertificate.Builder()
            .signedBy(AUTHORITY)
            .addSubjectAlternativeName("target.example")
            .build();
    receiver =
        FakeReceiver.start(
            new HandshakeCertificates.Builder()
                .heldCertificate(server)
                .addTrustedCertificate(AUTHORITY.certificate())
                .build()
                .sslContext());
  }

  @AfterEach
  void stopReceiver() {
    receiver.close();
  }

  @Test
  void shouldShowItsCertificateToATargetThatItTrusts() throws Exception {
    write("ca.pem", AUTHORITY.certificatePem());
    identify(AUTHORITY);

    assertThat(
            send(
                "{ca_file: ca.pem, cert_file: cert.pem, key_file: key.pem, server_name: target.example}"))
        .isEqualTo("accepted");
    assertThat(receiver.received()).hasSize(1);
  }

  @Test
  void shouldNotTrustAStranger() throws Exception {
    write("ca.pem", STRANGER.certificatePem());
    identify(AUTHORITY);

    assertThat(
            send(
                "{ca_file: ca.pem, cert_file: cert.pem, key_file: key.pem, server_name: target.example}"))
        .isEqualTo("retryable");
    assertThat(receiver.received()).isEmpty();
  }

  @Test
  void shouldNotTrustATargetOfAnotherName() throws Exception {
    write("ca.pem", AUTHORITY.certificatePem());
    identify(AUTHORITY);

    assertThat(send("{ca_file: ca.pem, cert_file: cert.pem, key_file: key.pem}"))
        .isEqualTo("retryable");
  }

  @Test
  void shouldTrustAnyoneIfToldSo() throws Exception {
    identify(AUTHORITY);

    assertThat(send("{cert_file: cert.pem, key_file: key.pem, insecure_skip_verify: true}"))
        .isEqualTo("accepted");
  }

  @Test
  void shouldUseFilesThatWereReplaced() throws Exception {
    write("ca.pem", AUTHORITY.certificatePem());
    identify(STRANGER);
    RemoteWriteTarget target =
        target(
            "{ca_file: ca.pem, cert_file: cert.pem, key_file: key.pem, server_name: target.example}");
    try (HttpExchange exchange = exchange(target)) {
      assertThat(send(exchange)).isEqualTo("retryable");

      write("key.pem", "half a ke");
      assertThat(send(exchange)).isEqualTo("misconfigured");
      identify(AUTHORITY);

      assertThat(send(exchange)).isEqualTo("accepted");
    }
  }

  @Test
  void shouldReadKeysInEveryForm() throws Exception {
    HeldCertificate rsa = new HeldCertificate.Builder().rsa2048().build();
    KeyPairGenerator curves = KeyPairGenerator.getInstance("EC");
    curves.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair ec = curves.generateKeyPair();

    assertThat(Pem.privateKey(rsa.privateKeyPkcs1Pem())).isEqualTo(rsa.keyPair().getPrivate());
    assertThat(Pem.privateKey(rsa.privateKeyPkcs8Pem())).isEqualTo(rsa.keyPair().getPrivate());
    assertThat(secret(Pem.privateKey(pem("PRIVATE KEY", ec.getPrivate().getEncoded()))))
        .isEqualTo(secret(ec.getPrivate()));
    assertThat(secret(Pem.privateKey(pem("EC PRIVATE KEY", sec1(secret(ec.getPrivate()))))))
        .isEqualTo(secret(ec.getPrivate()));
    assertThatThrownBy(() -> Pem.privateKey(pem("EC PRIVATE KEY", new byte[] {0x30, 5, 1})))
        .hasMessageContaining("broken");
  }

  private void identify(HeldCertificate signer) throws Exception {
    HeldCertificate client = new HeldCertificate.Builder().rsa2048().signedBy(signer).build();
    write("cert.pem", client.certificatePem());
    write("key.pem", client.privateKeyPkcs1Pem());
  }

  private void write(String file, String text) throws Exception {
    Files.writeString(directory.resolve(file), text);
  }

  private String send(String tls) throws Exception {
    try (HttpExchange exchange = exchange(target(tls))) {
      return send(exchange);
    }
  }

  private static String send(HttpExchange exchange) {
    byte[] body = RemoteWriteVersion.V1.encode(Requests.floats(5, 1, "a"));
    return exchange.send("acme", RemoteWriteVersion.V1, body).outcome();
  }

  private RemoteWriteTarget target(String tls) throws Exception {
    write(
        "targets.yaml",
        "remote_write: [{url: '%s', tls_config: %s}]".formatted(receiver.url(), tls));
    return RemoteWriteTargets.read(directory.resolve("targets.yaml")).get(0);
  }

  private static HttpExchange exchange(RemoteWriteTarget target) {
    return new HttpExchange(
        target, new SenderMetrics(new SimpleMeterRegistry(), "t"), Clock.systemUTC());
  }

  private static HeldCertificate authority() {
    return new HeldCertificate.Builder().certificateAuthority(0).build();
  }

  private static String pem(String type, byte[] der) {
    String text = Base64.getMimeEncoder().encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, text, type);
  }

  private static BigInteger secret(PrivateKey key) {
    return ((ECPrivateKey) key).getS();
  }

  /** As OpenSSL writes a key of the curve P-256. */
  private static byte[] sec1(BigInteger number) {
    byte[] secret = HexFormat.of().parseHex("%064x".formatted(number));
    ByteArrayOutputStream der = new ByteArrayOutputStream();
    der.writeBytes(HexFormat.of().parseHex("30310201010420"));
    der.writeBytes(secret);
    der.writeBytes(HexFormat.of().parseHex("a00a06082a8648ce3d030107"));
    return der.toByteArray();
  }
}
