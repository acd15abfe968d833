package dev.weir.streams.remotewrite;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Gives an HTTP client the sockets that {@link Tls} describes. */
final class TlsSockets {
  private static final char[] NO_PASSWORD = {};

  private TlsSockets() {}

  /**
   * @throws GeneralSecurityException if a certificate or key is broken, or they do not belong
   *     together
   * @throws IOException never, in fact: nothing is read
   */
  static void configure(OkHttpClient.Builder client, Tls tls, Tls.Material material)
      throws GeneralSecurityException, IOException {
    X509TrustManager trust = tls.skipVerify() ? new TrustAll() : trust(material.ca());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(identity(material), new TrustManager[] {trust}, null);
    SSLSocketFactory sockets = context.getSocketFactory();
    HostnameVerifier standard = new OkHttpClient().hostnameVerifier();
    if (tls.serverName().isPresent()) {
      String name = tls.serverName().get();
      sockets = new NamingSockets(sockets, name);
      client.hostnameVerifier((host, session) -> standard.verify(name, session));
    }
    if (tls.skipVerify()) {
      client.hostnameVerifier((host, session) -> true);
    }
    client.sslSocketFactory(sockets, trust);
  }

  private static X509TrustManager trust(Optional<String> ca)
      throws GeneralSecurityException, IOException {
    @Nullable KeyStore authorities = ca.isEmpty() ? null : emptyStore();
    if (authorities != null) {
      int count = 0;
      for (Certificate certificate : Pem.certificates(ca.orElseThrow())) {
        authorities.setCertificateEntry("ca-" + count++, certificate);
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }

  private static KeyManager @Nullable [] identity(Tls.Material material)
      throws GeneralSecurityException, IOException {
    if (material.certificate().isEmpty() || material.key().isEmpty()) {
      return null;
    }
    List<Certificate> chain = Pem.certificates(material.certificate().get());
    KeyStore store = emptyStore();
    store.setKeyEntry(
        "identity",
        Pem.privateKey(material.key().get()),
        NO_PASSWORD,
        chain.toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  /** For {@code insecure_skip_verify}. */
  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      // whoever it is
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      // whoever it is
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** Asks the server for a name other than the URL's host. */
  private static final class NamingSockets extends SSLSocketFactory {
    private final SSLSocketFactory sockets;
    private final String serverName;

    NamingSockets(SSLSocketFactory sockets, String serverName) {
      this.sockets = sockets;
      this.serverName = serverName;
    }

    @Override
    public Socket createSocket(Socket connected, String host, int port, boolean autoClose)
        throws IOException {
      return sockets.createSocket(connected, serverName, port, autoClose);
    }

    @Override
    public String[] getDefaultCipherSuites() {
      return sockets.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return sockets.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw notOnItsOwn();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
      throw notOnItsOwn();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw notOnItsOwn();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
      throw notOnItsOwn();
    }

    private static UnsupportedOperationException notOnItsOwn() {
      return new UnsupportedOperationException("TLS is spoken over a socket that is connected");
    }
  }
}
