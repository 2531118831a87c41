package io.mora.cli.manage.client;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** HTTPS with a token. */
final class TlsHttp implements HttpTransport {
  private final URI server;
  private final String token;
  private final Duration timeout;
  private final HttpClient client;

  /**
   * @param server scheme, name and port
   * @param authorities PEM certificates to trust; null for those of the Java runtime
   */
  TlsHttp(URI server, String token, @Nullable Path authorities, Duration timeout) {
    this.server = server;
    this.token = token;
    this.timeout = timeout;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout);
    if (authorities != null) {
      builder.sslContext(trusting(authorities));
    }
    client = builder.build();
  }

  private static SSLContext trusting(Path authorities) {
    try (InputStream in = Files.newInputStream(authorities)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + store.size(), each);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new CliException(
          ExitCodes.LOCAL_IO, "--ca-file=" + authorities + ": no PEM certificates: " + e, e);
    }
  }

  @Override
  public String place() {
    return server.toString();
  }

  @Override
  public HttpReply exchange(HttpCall call) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(call.path()))
            .timeout(timeout)
            .header("Authorization", "Bearer " + token)
            .method(call.method(), HttpRequest.BodyPublishers.ofByteArray(call.body()));
    call.headers().forEach(request::header);
    try {
      // The answers of a server that proved who it is; still no longer than a configuration.
      HttpResponse<InputStream> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = response.body()) {
        byte[] body = in.readNBytes(HttpParser.BODY_MAX);
        if (in.read() >= 0) {
          throw new CliException(
              ExitCodes.PROTOCOL, server + ": longer than " + HttpParser.BODY_MAX + " bytes");
        }
        return new HttpReply(response.statusCode(), headers(response), body);
      }
    } catch (HttpTimeoutException e) {
      throw new CliException(
          ExitCodes.TIMEOUT,
          "no answer of " + server + " within " + timeout.toMillis() + " ms (--timeout)",
          e);
    } catch (SSLException e) {
      throw new CliException(
          ExitCodes.REFUSED,
          server + ": " + e.getMessage() + "\nA certificate of your own needs --ca-file.",
          e);
    } catch (IOException e) {
      throw new CliException(
          ExitCodes.UNAVAILABLE,
          server + ": " + e + "\nCheck the address, and admin.tcp in the target's configuration.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCodes.INTERRUPTED, "interrupted", e);
    }
  }

  private static Map<String, String> headers(HttpResponse<?> response) {
    Map<String, String> headers = new HashMap<>();
    response
        .headers()
        .map()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
    return headers;
  }
}
