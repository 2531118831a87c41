package io.mora.tests.system.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.api.TlsKeys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is bounded before and after signing in, spoken without a browser. */
class SessionBoundsTest {
  private static final String SESSION = "/api/v1/session";
  private static final String HOST = "/api/v1/hosts/nqn.2026-01.example:h";
  private static final int WRONG_MAX = 8;

  @TempDir Path folder;
  private WebRig rig;
  private HttpClient client;

  @BeforeEach
  void start() {
    rig = new WebRig(folder, Served.on(1).withMemory(4 << 20, 4096).listening(0));
    client = HttpClient.newBuilder().sslContext(TlsKeys.trusting(rig.keys())).build();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(rig.origin() + path))
            .method(method, BodyPublishers.ofString(body))
            .header("Content-Type", "application/json");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> signIn(String token) throws IOException, InterruptedException {
    return send("POST", SESSION, "{\"token\":\"" + token + "\"}");
  }

  private static String cookie(HttpResponse<String> signedIn) {
    String header = signedIn.headers().firstValue("Set-Cookie").orElse("");
    assertThat(header)
        .startsWith("__Host-mora-session=")
        .contains("; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=43200");
    return header.substring(0, header.indexOf(';'));
  }

  private static JsonNode json(HttpResponse<String> answer) throws JsonProcessingException {
    return new ObjectMapper().readTree(answer.body());
  }

  @Test
  void wrongTokensAreSlowedDown() throws Exception {
    for (int i = 0; i < WRONG_MAX; i++) {
      HttpResponse<String> answer = signIn("wrong " + i);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }
    HttpResponse<String> late = signIn(WebRig.ADMIN);
    assertThat(late.statusCode()).isEqualTo(429);
    assertThat(late.body()).contains("too-often", "wait");
    // Who shows a token in each request is not kept out by that.
    HttpResponse<String> token =
        send("GET", "/api/v1/version", "", "Authorization", "Bearer " + WebRig.ADMIN);
    assertThat(token.statusCode()).isEqualTo(200);
  }

  @Test
  void whoIsNotKnownSaysLittle() throws Exception {
    assertThat(send("POST", SESSION, "{\"token\":\"" + "x".repeat(5000) + "\"}").statusCode())
        .isEqualTo(413);
    assertThat(signIn("x".repeat(600)).statusCode()).isEqualTo(400);
    assertThat(send("POST", SESSION, "{}").statusCode()).isEqualTo(400);
    assertThat(send("POST", SESSION, "[").statusCode()).isEqualTo(400);
    assertThat(send("DELETE", SESSION, "").statusCode()).isEqualTo(401);
    assertThat(send("PUT", "/", "").statusCode()).isEqualTo(401);
    assertThat(json(send("GET", SESSION, "")).get("signedIn").asBoolean()).isFalse();
  }

  @Test
  void aChangeByCookieNeedsTheSecretAndNoOtherOrigin() throws Exception {
    HttpResponse<String> signedIn = signIn(WebRig.ADMIN);
    String cookie = cookie(signedIn);
    String csrf = json(signedIn).get("csrf").asText();
    String body = "{\"weight\":3}";
    assertThat(send("PUT", HOST, body, "Cookie", cookie).statusCode()).isEqualTo(403);
    for (String origin :
        List.of("https://example.org", "null", "http" + rig.origin().substring(5))) {
      HttpResponse<String> answer =
          send("PUT", HOST, body, "Cookie", cookie, "X-Mora-Csrf", csrf, "Origin", origin);
      assertThat(answer.statusCode()).as(origin).isEqualTo(403);
      assertThat(answer.body()).contains("urn:mora:problem:csrf");
    }
    assertThat(rig.api().get(HOST.substring(1)).status()).isEqualTo(404);
    HttpResponse<String> done =
        send("PUT", HOST, body, "Cookie", cookie, "X-Mora-Csrf", csrf, "Origin", rig.origin());
    assertThat(done.statusCode()).isEqualTo(200);
    assertThat(rig.api().get("api/v1/events?kind=change").body()).contains("\"ann\"");
    // Another's secret is none.
    String other = json(signIn(WebRig.READER)).get("csrf").asText();
    assertThat(send("DELETE", HOST, "", "Cookie", cookie, "X-Mora-Csrf", other).statusCode())
        .isEqualTo(403);
  }

  @Test
  void signingInElsewhereDoesNotComeFromAnotherPage() throws Exception {
    HttpResponse<String> answer =
        send(
            "POST",
            SESSION,
            "{\"token\":\"" + WebRig.ADMIN + "\"}",
            "Origin",
            "https://example.org");
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  void filesComeWithTheirPolicyAndNoOthersAreThere() throws Exception {
    HttpResponse<String> page = send("GET", "/", "");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    String etag = page.headers().firstValue("ETag").orElse("");
    assertThat(send("GET", "/", "", "If-None-Match", etag).statusCode()).isEqualTo(304);
    for (String path : List.of("/web/..%2fopenapi.json", "/web/x", "/web", "/index.html")) {
      assertThat(send("GET", path, "").statusCode()).as(path).isIn(401, 404);
      assertThat(send("GET", path, "").body()).as(path).doesNotContain("\"openapi\"");
    }
    // The unix socket has no page.
    assertThat(rig.api().get("").status()).isEqualTo(404);
  }
}
