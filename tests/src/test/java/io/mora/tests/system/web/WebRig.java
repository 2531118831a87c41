package io.mora.tests.system.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.access.AdminSpec;
import io.mora.protocol.admin.access.Role;
import io.mora.protocol.admin.access.TcpSpec;
import io.mora.protocol.admin.access.TokenSpec;
import io.mora.protocol.data.Bytes;
import io.mora.target.admin.http.Tokens;
import io.mora.tests.kit.Repository;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.api.ApiClient;
import io.mora.tests.kit.api.ManagedTarget;
import io.mora.tests.kit.api.TlsKeys;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A target with its page, and browsers that look at it and are listened to. */
final class WebRig implements AutoCloseable {
  static final String ADMIN = "token of an admin";
  static final String READER = "token of a reader";

  /** Where screenshots stay, for people to look at. */
  private static final Path SHOTS = Repository.buildFolder().resolve("web");

  private static final TransportAddress ANY_PORT = new TransportAddress("127.0.0.1", 0);

  private final ManagedTarget served;
  private final KeyStore keys;
  private final String origin;
  private final List<BrowserContext> contexts = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private boolean refusals;

  WebRig(Path folder, TargetSpec spec) {
    this(folder, spec, TlsKeys.make(folder));
  }

  private WebRig(Path folder, TargetSpec spec, KeyStore keys) {
    this.keys = keys;
    TcpSpec tcp =
        new TcpSpec(
            ANY_PORT,
            folder.resolve(TlsKeys.CERTIFICATE).toString(),
            folder.resolve(TlsKeys.KEY).toString());
    AdminSpec admin = AdminSpec.of(folder.resolve("a.sock").toString()).withTcp(tcp, tokens());
    served = ManagedTarget.start(folder, admin, spec);
    Integer port = Objects.requireNonNull(served.management().server()).tcpPort();
    origin = "https://127.0.0.1:" + port;
  }

  private static List<TokenSpec> tokens() {
    return List.of(
        new TokenSpec("ann", Role.ADMIN, Bytes.of(Tokens.sha256(ADMIN))),
        new TokenSpec("bo", Role.READ, Bytes.of(Tokens.sha256(READER))));
  }

  /** What its certificate is trusted by. */
  KeyStore keys() {
    return keys;
  }

  ManagedTarget served() {
    return served;
  }

  ApiClient api() {
    return served.client();
  }

  String origin() {
    return origin;
  }

  /** From now on the browser may complain that a request was refused: one is meant to be. */
  void expectRefusals() {
    refusals = true;
  }

  /** A browser of its own on the page, not signed in. */
  Page open(int width, int height, ColorScheme scheme) {
    BrowserContext context =
        Chromium.browser()
            .newContext(
                new Browser.NewContextOptions()
                    .setIgnoreHTTPSErrors(true)
                    .setViewportSize(width, height)
                    .setColorScheme(scheme));
    contexts.add(context);
    context.setDefaultTimeout(Waiting.LIMIT_SECONDS * 1000.0);
    Page page = context.newPage();
    page.onConsoleMessage(
        message -> {
          boolean refused = refusals && message.text().contains("Failed to load resource");
          if (List.of("error", "warning").contains(message.type()) && !refused) {
            complaints.add("console: " + message.text());
          }
        });
    page.onPageError(error -> complaints.add("script: " + error));
    page.onRequest(
        request -> {
          if (!request.url().startsWith(origin + "/")) {
            complaints.add("another host: " + request.url());
          }
        });
    page.navigate(origin + "/");
    return page;
  }

  /** On a desk, by day, signed in. */
  Page desk(String token) {
    Page page = open(1280, 800, ColorScheme.LIGHT);
    signIn(page, token);
    return page;
  }

  static void signIn(Page page, String token) {
    page.getByLabel("Token").fill(token);
    button(page, "Sign in").click();
    page.locator("#nav a").first().waitFor(attached());
  }

  private static Locator.WaitForOptions attached() {
    return new Locator.WaitForOptions().setState(WaitForSelectorState.ATTACHED);
  }

  /** Opens a view and waits until it shows what it read. */
  void view(Page page, String name) {
    page.navigate(origin + "/#/" + name);
    PlaywrightAssertions.assertThat(page.locator("main h1")).isVisible();
  }

  static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  /** A button of the dialog that is open. */
  static Locator answer(Page page, String name) {
    return page.getByRole(AriaRole.DIALOG)
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
  }

  static Locator field(Page page, String label) {
    return page.getByRole(AriaRole.DIALOG)
        .getByLabel(label, new Locator.GetByLabelOptions().setExact(true));
  }

  static void gone(Page page) {
    PlaywrightAssertions.assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
  }

  /** Keeps what is seen as {@code tests/build/web/NAME.png}. */
  static void shot(Page page, String name) {
    page.screenshot(new Page.ScreenshotOptions().setPath(SHOTS.resolve(name + ".png")));
  }

  /** Nothing was said in the console, no script failed, no other host was asked. */
  void clean() {
    assertThat(complaints).isEmpty();
  }

  @Override
  public void close() {
    contexts.forEach(BrowserContext::close);
    served.close();
  }
}
