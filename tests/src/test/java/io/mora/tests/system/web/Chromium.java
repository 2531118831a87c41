package io.mora.tests.system.web;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.mora.tests.kit.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Debian's Chromium, started once for all tests of the page. Where it is not installed the tests
 * are aborted with the reason and counted; {@code -Dmora.interop=required} makes that a failure.
 */
final class Chromium implements BeforeAllCallback {
  private static final Path PROGRAM = Path.of("/usr/bin/chromium");

  /** Root needs no sandbox; nothing is asked of any host by the browser itself. */
  private static final List<String> ARGUMENTS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private static @Nullable Running running;

  /** Ended with the last test. */
  private record Running(Playwright playwright, Browser browser) implements AutoCloseable {
    @Override
    public void close() {
      running = null;
      playwright.close();
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    require();
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .getOrComputeIfAbsent(Running.class, key -> start(), Running.class);
  }

  private static void require() {
    String interop = System.getProperty("mora.interop", "");
    String whyNot = interop.equals("off") ? "-Dmora.interop=off" : "";
    if (whyNot.isEmpty() && !Files.isExecutable(PROGRAM)) {
      whyNot = "no " + PROGRAM + ": tests/interop/install-tools installs it";
    }
    if (!whyNot.isEmpty() && interop.equals("required")) {
      throw new AssertionError("the page's tests are required, but: " + whyNot);
    }
    Assumptions.assumeTrue(whyNot.isEmpty(), "web: " + whyNot);
  }

  private static Running start() {
    Map<String, String> environment = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    Playwright playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
    PlaywrightAssertions.setDefaultAssertionTimeout(Waiting.LIMIT_SECONDS * 1000.0);
    Browser browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(PROGRAM)
                    .setHeadless(true)
                    .setArgs(ARGUMENTS));
    running = new Running(playwright, browser);
    return running;
  }

  static Browser browser() {
    Running now = running;
    if (now == null) {
      throw new IllegalStateException("register the extension");
    }
    return now.browser;
  }
}
