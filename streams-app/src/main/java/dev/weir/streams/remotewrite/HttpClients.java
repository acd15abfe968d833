package dev.weir.streams.remotewrite;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.security.GeneralSecurityException;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;

/** The HTTP client of a target, made anew when its certificates or keys change. Thread-safe. */
final class HttpClients implements AutoCloseable {
  private final OkHttpClient base;
  private final Tls tls;
  private final boolean secure;
  private Tls.@Nullable Material material;
  private @Nullable OkHttpClient current;

  HttpClients(RemoteWriteTarget target) {
    this.tls = target.connection().tls();
    this.secure = target.url().getScheme().equalsIgnoreCase("https");
    OkHttpClient.Builder client =
        new OkHttpClient.Builder()
            .followRedirects(false)
            .followSslRedirects(false)
            .connectTimeout(target.timeout())
            .readTimeout(target.timeout())
            .writeTimeout(target.timeout())
            .callTimeout(target.timeout());
    if (!target.connection().http2()) {
      client.protocols(List.of(Protocol.HTTP_1_1));
    }
    target.connection().proxy().ifPresent(proxy -> client.proxy(proxy(proxy)));
    this.base = client.build();
  }

  /**
   * The client for the certificates and keys that are there now.
   *
   * @throws IOException if a file cannot be read
   * @throws GeneralSecurityException if what stands in one cannot be used
   */
  synchronized OkHttpClient get() throws IOException, GeneralSecurityException {
    if (!secure) {
      return base;
    }
    Tls.Material now = tls.material();
    OkHttpClient client = current;
    if (client == null || !now.equals(material)) {
      OkHttpClient.Builder next = base.newBuilder();
      TlsSockets.configure(next, tls, now);
      client = next.build();
      base.connectionPool().evictAll();
      current = client;
      material = now;
    }
    return client;
  }

  /** Cancels what is under way. */
  @Override
  public void close() {
    base.dispatcher().cancelAll();
    base.dispatcher().executorService().shutdown();
    base.connectionPool().evictAll();
  }

  private static Proxy proxy(Connection.ProxyAddress address) {
    return new Proxy(
        Proxy.Type.HTTP, InetSocketAddress.createUnresolved(address.host(), address.port()));
  }
}
