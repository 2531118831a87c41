package io.mora.target.admin.web;

import io.mora.target.admin.http.Call;
import io.mora.target.admin.http.Refused;
import io.mora.target.admin.http.Reply;
import io.mora.target.admin.http.Route;
import io.mora.target.admin.http.Tokens;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The page's files: those named here and no other, read once. Anybody may have them, there is
 * nothing of this target in them.
 */
public final class Assets {
  /** Every file of the page. */
  static final List<String> FILES =
      List.of(
          "index.html",
          "base.css",
          "parts.css",
          "views.css",
          "icon.svg",
          "theme.js",
          "app.js",
          "api.js",
          "dom.js",
          "units.js",
          "dialog.js",
          "form.js",
          "login.js",
          "now.js",
          "heat.js",
          "heatmap.js",
          "hosts.js",
          "subsystems.js",
          "subsystem-forms.js",
          "listeners.js",
          "connections.js",
          "slow.js",
          "events.js",
          "config.js");

  /** Scripts and styles of this host only, none in the page itself, and nobody's frame. */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private static final String FOLDER = "/io/mora/target/admin/web/";
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private final Map<String, Asset> assets = new HashMap<>();

  @SuppressWarnings("ArrayRecordComponent") // not compared
  private record Asset(byte[] body, String type, String etag) {}

  public Assets() {
    for (String name : FILES) {
      byte[] body = read(name);
      String etag = "\"" + HexFormat.of().formatHex(Tokens.sha256(body), 0, 16) + "\"";
      assets.put(name, new Asset(body, type(name), etag));
    }
  }

  private static byte[] read(String name) {
    try (InputStream in = Assets.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException(FOLDER + name + " is not in this program");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String type(String name) {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null) {
      throw new IllegalStateException(name + " is of no known type");
    }
    return type;
  }

  public List<Route> routes() {
    return List.of(
        Route.open("GET", "/", call -> reply(call, "index.html")),
        Route.open("GET", "/web/{file}", call -> reply(call, call.path("file"))));
  }

  private Reply reply(Call call, String name) throws Refused {
    Asset asset = assets.get(name);
    if (asset == null) {
      throw Refused.unknown("the page has no such file");
    }
    boolean known = asset.etag.equals(call.header("If-None-Match"));
    Reply reply = known ? Reply.empty(304) : Reply.of(200, asset.type, asset.body);
    return reply
        .with("ETag", asset.etag)
        .with("Cache-Control", "no-cache")
        .with("Content-Security-Policy", POLICY)
        .with("X-Frame-Options", "DENY")
        .with("Referrer-Policy", "no-referrer")
        .with("Cross-Origin-Opener-Policy", "same-origin")
        .with("Cross-Origin-Resource-Policy", "same-origin")
        .with("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
  }
}
