package io.mora.cli.manage.watch;

import io.mora.cli.connect.TimeSpan;
import io.mora.cli.manage.client.AdminClient;
import io.mora.cli.manage.client.AdminOptions;
import io.mora.cli.manage.client.Doc;
import io.mora.cli.output.GlobalOptions;
import io.mora.cli.output.Json;
import io.mora.cli.output.Screen;
import io.mora.cli.output.Terminal;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mora top}. */
@Command(
    name = "top",
    description = {
      "Shows what a running target does now: classes, hosts, namespaces, promises.",
      "Ctrl-C ends it. Times are at the target, from received to handed to the socket."
    })
public final class TopCommand implements Runnable {
  /** Readings are a second apart. */
  private static final Duration SECOND_READING = Duration.ofMillis(1_500);

  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private AdminOptions admin = new AdminOptions();

  @Option(
      names = "--every",
      paramLabel = "SECONDS",
      defaultValue = "1",
      converter = TimeSpan.class,
      description = "How often it is drawn (default: ${DEFAULT-VALUE}).")
  private Duration every = Duration.ofSeconds(1);

  @Option(
      names = "--window",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "Counts and percentiles are of so many (default: ${DEFAULT-VALUE}).")
  private int window;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "8",
      description = "Hosts and namespaces, the busiest (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Option(names = "--once", description = "Once, as lines.")
  private boolean once;

  @Option(names = "--times", paramLabel = "N", description = "N times, as lines.")
  private int times;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  TopCommand() {}

  @Override
  public void run() {
    AdminClient client = admin.client();
    boolean terminal = !global.json() && Terminal.onOutput();
    int shown = once ? 1 : times;
    WatchOptions.repeat(
        new Screen(global.out(), terminal),
        every,
        shown,
        () -> {
          Doc all = ask(client);
          return global.json() ? Json.text(all.map()) : TopScreen.text(all, rows);
        });
  }

  /** All that is shown, as one document. */
  private Doc ask(AdminClient client) {
    String path = "/top?window=" + window + "&rows=" + rows;
    Doc all = client.get(path);
    if (all.fraction("windowSeconds") <= 0) { // the daemon begins to read when it is asked
      WatchOptions.pause(SECOND_READING);
      all = client.get(path);
    }
    all.put("version", client.get("/version").map());
    all.put("connections", client.get("/health").map().get("connections"));
    all.put("modes", client.get("/modes").map().get("modes"));
    return all;
  }
}
