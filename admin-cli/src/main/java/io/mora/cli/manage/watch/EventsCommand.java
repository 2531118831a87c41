package io.mora.cli.manage.watch;

import io.mora.cli.manage.client.AdminClient;
import io.mora.cli.manage.client.AdminOptions;
import io.mora.cli.manage.client.Doc;
import io.mora.cli.output.GlobalOptions;
import io.mora.cli.output.Moments;
import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mora events}. */
@Command(
    name = "events",
    description = "What happened: changes and by whom, connections, failures.")
public final class EventsCommand implements Runnable {
  private static final Duration EVERY = Duration.ofSeconds(1);

  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private AdminOptions admin = new AdminOptions();

  @Option(names = "--follow", description = "Go on with what happens, until Ctrl-C.")
  private boolean follow;

  @Option(names = "--kind", paramLabel = "KIND", description = "Only change, or only log.")
  private @Nullable String kind;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "The last so many (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--since",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description = "Only after the event of this number.")
  private long since;

  @Option(names = "--times", paramLabel = "N", description = "With --follow: ask N times more.")
  private @Nullable Integer times;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  EventsCommand() {}

  @Override
  public void run() {
    AdminClient client = admin.client();
    Doc events = ask(client, since);
    if (events.docs("events").isEmpty() && !follow) {
      global.print(events.map(), out -> out.println("No events."));
      return;
    }
    print(events);
    for (int asked = 0; follow && (times == null || asked < times); asked++) {
      WatchOptions.pause(EVERY);
      long last = Math.max(since, events.number("last"));
      events = ask(client, last);
      if (events.number("last") < last) {
        events = ask(client, 0); // it was started again, and counts from 1
      }
      if (!events.docs("events").isEmpty()) {
        print(events);
      }
    }
  }

  private Doc ask(AdminClient client, long after) {
    String only = kind == null ? "" : "&kind=" + AdminClient.encode(kind);
    return client.get("/events?since=" + after + "&limit=" + limit + only);
  }

  private void print(Doc events) {
    global.print(events.map(), out -> events.docs("events").forEach(each -> line(out, each)));
  }

  private static void line(PrintWriter out, Doc each) {
    out.printf(
        "%s  %-5s  %s: %s%n",
        Moments.date(each.text("at")),
        each.text("level"),
        each.text("source"),
        each.text("message"));
  }
}
