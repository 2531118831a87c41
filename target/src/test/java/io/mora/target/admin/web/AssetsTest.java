package io.mora.target.admin.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.target.admin.http.Call;
import io.mora.target.admin.http.Refused;
import io.mora.target.admin.http.Reply;
import io.mora.target.admin.http.RouteTable;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssetsTest {
  private static final int LINES_MAX = 400;

  private final RouteTable routes = new RouteTable(new Assets().routes());

  private static Path folder() throws URISyntaxException {
    Path index = Path.of(Objects.requireNonNull(Assets.class.getResource("index.html")).toURI());
    return Objects.requireNonNull(index.getParent());
  }

  private static List<Path> files() throws IOException, URISyntaxException {
    try (Stream<Path> files = Files.list(folder())) {
      return files.filter(file -> !file.toString().endsWith(".class")).sorted().toList();
    }
  }

  private Reply get(String path, Map<String, String> headers) throws Refused {
    RouteTable.Found found = routes.find("GET", path);
    Call call = new Call(null, "", found.path(), Map.of(), headers, new byte[0]);
    return found.route().handler().handle(call);
  }

  @Test
  void everyFileIsServedAndNoOther() throws Exception {
    List<String> there = files().stream().map(file -> String.valueOf(file.getFileName())).toList();
    assertThat(there).containsExactlyInAnyOrderElementsOf(Assets.FILES);
    for (String name : Assets.FILES) {
      Reply reply = get("/web/" + name, Map.of());
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).isEqualTo(Files.readAllBytes(folder().resolve(name)));
      assertThat(reply.headers().get("Content-Type")).isNotEmpty();
    }
    assertThat(get("/", Map.of()).body()).isEqualTo(get("/web/index.html", Map.of()).body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/web/",
        "/web/openapi.json",
        "/web/Assets.class",
        "/web/../openapi.json",
        "/web/..%2Fopenapi.json",
        "/web/%2e%2e/openapi.json",
        "/web/..%5Copenapi.json",
        "/web//etc/passwd",
        "/web/%2Fetc%2Fpasswd",
        "/web/index.html%00",
        "/web/INDEX.HTML",
        "/web/index.html/",
        "//"
      })
  void otherPathsAreNothing(String path) {
    assertThatThrownBy(() -> get(path, Map.of()))
        .isInstanceOf(Refused.class)
        .satisfies(e -> assertThat(((Refused) e).status()).isEqualTo(404));
  }

  @Test
  void nothingMayComeFromElsewhereOrFrameIt() throws Exception {
    Map<String, String> headers = get("/", Map.of()).headers();
    assertThat(headers.get("Content-Security-Policy"))
        .contains("default-src 'none'", "frame-ancestors 'none'", "script-src 'self';")
        .doesNotContain("unsafe", "http", "*", "data:");
    assertThat(headers)
        .containsEntry("X-Frame-Options", "DENY")
        .containsEntry("Referrer-Policy", "no-referrer")
        .containsEntry("Cache-Control", "no-cache");
  }

  @Test
  void whatTheBrowserHasIsNotSentAgain() throws Exception {
    Reply first = get("/web/app.js", Map.of());
    String etag = Objects.requireNonNull(first.headers().get("ETag"));
    Reply again = get("/web/app.js", Map.of("if-none-match", etag));
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(again.headers()).containsEntry("ETag", etag);
    assertThat(get("/web/app.js", Map.of("if-none-match", "\"other\"")).status()).isEqualTo(200);
    assertThat(get("/web/api.js", Map.of()).headers()).doesNotContainEntry("ETag", etag);
  }

  @Test
  void filesAreShortAndNameNoOtherHost() throws Exception {
    Pattern address = Pattern.compile("https?://[^\\s\"')]+");
    for (Path file : files()) {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      assertThat(text.lines().count()).as("lines of %s", file).isLessThanOrEqualTo(LINES_MAX);
      Matcher found = address.matcher(text.replace("http://www.w3.org/2000/svg", ""));
      assertThat(found.find()).as("another host in %s", file).isFalse();
      assertThat(text).doesNotContain("innerHTML", "eval(", "javascript:");
    }
  }
}
