package io.mora.tests.system.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.mora.initiator.RemoteNamespace;
import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.Waiting;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every view under load, on a desk and on a phone, by day and by night. */
@Tag("web")
@ExtendWith(Chromium.class)
class ViewsTest {
  private static final List<String> VIEWS =
      List.of(
          "now",
          "heat",
          "slow",
          "events",
          "subsystems",
          "listeners",
          "hosts",
          "connections",
          "config");
  private static final int BLOCK = 4096;
  private static final int BLOCKS_AT_ONCE = 16;
  private static final long PAUSE_NS = 5_000_000;

  @TempDir Path folder;
  private WebRig rig;
  private InitiatorFixture host;
  private final AtomicBoolean stop = new AtomicBoolean();
  private CompletableFuture<Void> load;

  private static TargetSpec spec() {
    IntentSpec intent =
        new IntentSpec(
            true,
            IntentSpec.DEFAULT.readahead(),
            Duration.ofNanos(IntentSpec.SLOW_THRESHOLD_US.min() * 1000),
            0,
            IntentSpec.DEFAULT.hotPerHostPercent());
    return Served.on(1)
        .withMemory(8 << 20, BLOCK)
        .withMemory(4 << 20, 512)
        .listening(0)
        .withLatencyIntent(intent)
        .withHosts(List.of(new HostSpec(new Nqn("nqn.2026-01.example:away"))));
  }

  @BeforeEach
  void start() {
    rig = new WebRig(folder, spec());
    host = InitiatorFixture.start();
    RemoteNamespace namespace = host.namespace(rig.served().address());
    load = CompletableFuture.runAsync(() -> work(namespace));
    Waiting.until(
        "a step of history",
        () ->
            !rig.api()
                .get("api/v1/classes/history")
                .json()
                .at("/steps/0/classes/0")
                .isMissingNode());
  }

  @AfterEach
  void stop() {
    stop.set(true);
    Waiting.get(load);
    host.close();
    rig.close();
  }

  /** Something to see: reads one after the other, now and then a pause for the others here. */
  private void work(RemoteNamespace namespace) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK * BLOCKS_AT_ONCE);
    while (!stop.get()) {
      Waiting.get(namespace.write(0, BLOCKS_AT_ONCE, buffer.clear()));
      Waiting.get(namespace.read(0, BLOCKS_AT_ONCE, buffer.clear()));
      LockSupport.parkNanos(PAUSE_NS);
    }
  }

  @Test
  void showWhatIsGoingOn() {
    Page page = rig.desk(WebRig.ADMIN);
    rig.view(page, "now");
    Locator normal = page.locator("main tr[data-key=normal]").first();
    assertThat(normal).not().hasClass("idle");
    assertThat(normal).containsText("/s");
    rig.view(page, "heat");
    Locator heat = page.locator(".heat[data-key=normal]");
    assertThat(heat.locator(".read")).containsText("p99");
    heat.locator("canvas").focus();
    page.keyboard().press("ArrowRight");
    assertThat(heat.locator(".read")).containsText("late");
    rig.view(page, "slow");
    page.locator("tr.slow button").first().click();
    assertThat(page.locator(".waterfall").first()).containsText("the device");
    rig.view(page, "connections");
    assertThat(page.locator("main tbody tr")).hasCount(1);
    rig.clean();
  }

  /** Both change while the load goes on, in steps of a bucket: at some time they are the same. */
  @Test
  void nowShowsWhatTheApiTells() {
    Page page = rig.desk(WebRig.ADMIN);
    rig.view(page, "now");
    Locator cells = page.locator("main tr[data-key=normal]").first().locator("td");
    for (int column : new int[] {1, 2, 3}) { // after commands a second
      String key = List.of("p50Ns", "p99Ns", "p999Ns").get(column - 1);
      Waiting.until(
          key,
          () -> {
            double shown = ns(cells.nth(column).innerText());
            double told = normal().path(key).asDouble();
            return told > 0 && Math.abs(shown - told) <= told / 100;
          });
    }
    rig.clean();
  }

  private JsonNode normal() {
    JsonNode classes = rig.api().get("api/v1/classes?window=10").json().path("classes");
    for (JsonNode each : classes) {
      if (each.path("class").asText().equals("normal")) {
        return each;
      }
    }
    throw new AssertionError("no class normal: " + classes);
  }

  /** Of a time with its unit; 0 of anything else. */
  private static double ns(String text) {
    Matcher matcher = Pattern.compile("([0-9.]+)\\s*(ns|µs|ms|s)").matcher(text);
    return matcher.matches()
        ? Double.parseDouble(matcher.group(1))
            * Map.of("ns", 1.0, "µs", 1e3, "ms", 1e6, "s", 1e9).getOrDefault(matcher.group(2), 0.0)
        : 0;
  }

  @Test
  void fitADeskByDay() {
    all("desk-light", 1280, 800, ColorScheme.LIGHT);
  }

  @Test
  void fitADeskByNight() {
    all("desk-dark", 1280, 800, ColorScheme.DARK);
  }

  @Test
  void fitAPhoneByDay() {
    all("phone-light", 390, 844, ColorScheme.LIGHT);
  }

  @Test
  void fitAPhoneByNight() {
    all("phone-dark", 390, 844, ColorScheme.DARK);
  }

  private void all(String name, int width, int height, ColorScheme scheme) {
    Page page = rig.open(width, height, scheme);
    WebRig.signIn(page, WebRig.ADMIN);
    for (String view : VIEWS) {
      rig.view(page, view);
      assertThat(page.locator("main .panel").first()).isVisible();
      Object overflows =
          page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth");
      assertThat(((Number) overflows).intValue()).as("%s scrolls aside", view).isNotPositive();
      Object hidden =
          page.evaluate(
              "() => [...document.querySelectorAll('.panel')]"
                  + ".filter(panel => panel.scrollWidth > panel.clientWidth).length");
      assertThat(((Number) hidden).intValue()).as("%s hides a part of a table", view).isZero();
      WebRig.shot(page, name + "-" + view);
    }
    String ground = ground(page);
    assertThat(bright(ground)).as(ground).isEqualTo(scheme == ColorScheme.LIGHT);
    rig.clean();
  }

  @Test
  void theSwitchIsStrongerThanTheSystemAndIsRemembered() {
    Page page = rig.desk(WebRig.READER);
    assertThat(bright(ground(page))).isTrue();
    WebRig.button(page, "Dark").click();
    assertThat(WebRig.button(page, "Dark")).hasAttribute("aria-pressed", "true");
    assertThat(bright(ground(page))).isFalse();
    page.reload();
    assertThat(bright(ground(page))).isFalse();
    WebRig.button(page, "Auto").click();
    assertThat(WebRig.button(page, "Auto")).hasAttribute("aria-pressed", "true");
    assertThat(bright(ground(page))).isTrue();
    rig.clean();
  }

  private static String ground(Page page) {
    return (String) page.evaluate("() => getComputedStyle(document.body).backgroundColor");
  }

  /** Of a colour like rgb(17, 19, 21). */
  private static boolean bright(String colour) {
    String red = colour.substring(colour.indexOf('(') + 1, colour.indexOf(','));
    return Integer.parseInt(red) > 128;
  }
}
