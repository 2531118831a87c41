package io.mora.tests.system.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.RequestOptions;
import com.microsoft.playwright.options.SameSiteAttribute;
import io.mora.tests.kit.Served;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A token for a session, and what each role may do with it. */
@Tag("web")
@ExtendWith(Chromium.class)
class SignInTest {
  private static final String HOST = "/api/v1/hosts/nqn.2026-01.example:h";

  @TempDir Path folder;
  private WebRig rig;

  @BeforeEach
  void start() {
    rig = new WebRig(folder, Served.on(1).withMemory(4 << 20, 4096).listening(0));
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void nothingIsShownWithoutAKnownToken() {
    Page page = rig.open(1280, 800, ColorScheme.LIGHT);
    assertThat(page.locator("main h1")).hasText("Sign in");
    WebRig.shot(page, "sign-in");
    rig.clean();
    rig.expectRefusals();
    page.getByLabel("Token").fill("wrong");
    WebRig.button(page, "Sign in").click();
    assertThat(page.locator("#e-token")).hasText("This token is not known here.");
    assertThat(page.getByLabel("Token")).hasAttribute("aria-invalid", "true");
    assertThat(page.locator("nav")).isHidden();
    assertThat(page.request().get(rig.origin() + "/api/v1/config").status()).isEqualTo(401);
    WebRig.signIn(page, WebRig.ADMIN);
    assertThat(page.locator("header .name")).hasText("ann, admin");
    rig.clean();
  }

  @Test
  void theSessionOutlivesAReloadAndEndsBySigningOut() {
    Page page = rig.desk(WebRig.ADMIN);
    List<Cookie> cookies = page.context().cookies();
    assertThat(cookies).hasSize(1);
    Cookie cookie = cookies.get(0);
    assertThat(cookie.httpOnly).isTrue();
    assertThat(cookie.secure).isTrue();
    assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.STRICT);
    assertThat(cookie.value).isNotEqualTo(WebRig.ADMIN);
    page.reload();
    assertThat(page.locator("header .name")).hasText("ann, admin");
    WebRig.button(page, "Sign out").click();
    assertThat(page.locator("main h1")).hasText("Sign in");
    // What the cookie held is nothing any more.
    page.context().addCookies(cookies);
    assertThat(page.request().get(rig.origin() + "/api/v1/config").status()).isEqualTo(401);
    rig.clean();
  }

  @Test
  void aTokenThatIsTakenAwayEndsItsSessions() {
    Page page = rig.desk(WebRig.READER);
    rig.expectRefusals();
    String config = rig.api().get("api/v1/config").body();
    int reader = config.indexOf("\"name\" : \"bo\"");
    int from = config.lastIndexOf('{', reader);
    int to = config.indexOf('}', reader);
    String without = config.substring(0, config.lastIndexOf(',', from)) + config.substring(to + 1);
    assertThat(rig.api().put("api/v1/config", without, "*").status()).isEqualTo(200);
    assertThat(page.locator("main h1")).hasText("Sign in");
    assertThat(page.locator("main .lead")).containsText("session has ended");
    rig.clean();
  }

  @Test
  void whoOnlyReadsHasNoFormsAndIsRefused() {
    Page page = rig.desk(WebRig.READER);
    for (String view : List.of("subsystems", "listeners", "hosts", "connections", "config")) {
      rig.view(page, view);
      assertThat(page.locator("main")).not().containsText("Delete");
      assertThat(page.locator("main")).not().containsText("Create a subsystem");
      assertThat(page.locator("main")).not().containsText("Edit");
    }
    WebRig.shot(page, "reader");
    rig.clean();
    assertThat(change(page, csrf(page))).isEqualTo(403);
    assertThat(rig.api().get(HOST.substring(1)).status()).isEqualTo(404);
  }

  @Test
  void aChangeNeedsThePagesOwnSecret() {
    Page page = rig.desk(WebRig.ADMIN);
    assertThat(change(page, "guessed")).isEqualTo(403);
    assertThat(rig.api().get(HOST.substring(1)).status()).isEqualTo(404);
    assertThat(change(page, csrf(page))).isEqualTo(200);
    rig.clean();
  }

  private String csrf(Page page) {
    String session = page.request().get(rig.origin() + "/api/v1/session").text();
    return session.replaceAll("(?s).*\"csrf\" : \"([^\"]*)\".*", "$1");
  }

  /** By the browser's cookie, as another program on its machine might. */
  private int change(Page page, String csrf) {
    return page.request()
        .put(
            rig.origin() + HOST,
            RequestOptions.create()
                .setHeader("Content-Type", "application/json")
                .setHeader("X-Mora-Csrf", csrf)
                .setData("{\"weight\":3}"))
        .status();
  }
}
