package io.mora.tests.system.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.access.AdminSpec;
import io.mora.protocol.admin.access.Role;
import io.mora.protocol.admin.access.TcpSpec;
import io.mora.protocol.admin.access.TokenSpec;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.data.Bytes;
import io.mora.target.admin.http.Tokens;
import io.mora.tests.kit.api.ManagedTarget;
import io.mora.tests.kit.api.TlsKeys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API over TCP: with TLS and a token, or not at all. */
class TlsTest {
  private static final TransportAddress ANY_PORT = new TransportAddress("127.0.0.1", 0);

  @TempDir Path folder;

  private KeyStore keys() {
    return TlsKeys.make(folder);
  }

  private static HttpClient client(KeyStore trusted) {
    return HttpClient.newBuilder().sslContext(TlsKeys.trusting(trusted)).build();
  }

  private static TokenSpec token(String name, Role role) {
    return new TokenSpec(name, role, Bytes.of(Tokens.sha256("token of " + name)));
  }

  private AdminSpec admin() {
    TcpSpec tcp =
        new TcpSpec(
            ANY_PORT, folder.resolve("cert.pem").toString(), folder.resolve("key.pem").toString());
    return AdminSpec.OFF
        .withTcp(tcp, List.of(token("ann", Role.ADMIN), token("bo", Role.READ)))
        .withMetrics(ANY_PORT);
  }

  private static HttpRequest.Builder to(Integer port, String path, String token) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/" + path));
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private static int status(HttpClient client, HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  @Test
  void tlsAndATokenOfTheRightRoleAreNeeded() throws Exception {
    HttpClient client = client(keys());
    try (ManagedTarget served = ManagedTarget.start(folder, admin(), ApiTest.spec())) {
      var server = Objects.requireNonNull(served.management().server());
      Integer port = Objects.requireNonNull(server.tcpPort());
      assertThat(server.socket()).isNull();
      assertThat(status(client, to(port, "api/v1/version", ""))).isEqualTo(401);
      assertThat(status(client, to(port, "api/v1/version", "wrong"))).isEqualTo(401);
      assertThat(status(client, to(port, "metrics", ""))).isEqualTo(401);
      assertThat(status(client, to(port, "api/v1/version", "token of bo"))).isEqualTo(200);
      String host = "api/v1/hosts/nqn.2026-01.example:h";
      String secret = DhchapSecret.generate(null, 32, new SecureRandom()).reveal();
      HttpRequest.BodyPublisher body =
          HttpRequest.BodyPublishers.ofString(
              "{\"weight\":9, \"dhchap\":{\"key\":\"" + secret + "\"}}");
      String type = "Content-Type";
      String json = "application/json";
      assertThat(status(client, to(port, host, "token of bo").header(type, json).PUT(body)))
          .isEqualTo(403);
      assertThat(status(client, to(port, host, "token of ann").header(type, json).PUT(body)))
          .isEqualTo(200);
      HttpResponse<String> seen =
          client.send(
              to(port, "api/v1/config", "token of bo").build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(seen.body())
          .contains("\"weight\" : 9")
          .doesNotContain("sha256\" :", "sealed", secret);
      // Plain HTTP gets no answer.
      URI plain = URI.create("http://127.0.0.1:" + port + "/api/v1/version");
      assertThatThrownBy(
              () ->
                  client.send(
                      HttpRequest.newBuilder(plain).build(), HttpResponse.BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void theMetricsListenerHasMetricsOnly() throws Exception {
    keys();
    HttpClient client = HttpClient.newHttpClient();
    try (ManagedTarget served = ManagedTarget.start(folder, admin(), ApiTest.spec())) {
      Integer port =
          Objects.requireNonNull(
              Objects.requireNonNull(served.management().server()).metricsPort());
      String at = "http://127.0.0.1:" + port;
      assertThat(status(client, HttpRequest.newBuilder(URI.create(at + "/metrics"))))
          .isEqualTo(200);
      assertThat(status(client, HttpRequest.newBuilder(URI.create(at + "/api/v1/config"))))
          .isEqualTo(404);
    }
  }

  @Test
  void tcpDoesNotStartWithoutBoth() throws Exception {
    keys();
    AdminSpec admin = admin();
    assertThat(admin.validate()).isEmpty();
    assertThat(admin.withTokens(List.of()).validate())
        .singleElement()
        .satisfies(problem -> assertThat(problem.key()).isEqualTo("admin.tokens"));
    AdminSpec noKey = admin.withTcp(new TcpSpec(ANY_PORT, "", ""), admin.tokens());
    assertThat(noKey.validate())
        .extracting(problem -> problem.key())
        .containsExactly("admin.tcp.certificate", "admin.tcp.key");
    AdminSpec everywhere = admin.withMetrics(new TransportAddress("0.0.0.0", 9));
    assertThat(everywhere.validate())
        .extracting(problem -> problem.key())
        .containsExactly("admin.metrics");
    Files.delete(folder.resolve("key.pem"));
    assertThatThrownBy(() -> ManagedTarget.start(folder, admin, ApiTest.spec()))
        .hasMessageContaining("admin.tcp.listen");
  }
}
