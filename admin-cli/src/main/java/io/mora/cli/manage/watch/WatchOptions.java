package io.mora.cli.manage.watch;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.cli.connect.TimeSpan;
import io.mora.cli.manage.client.Doc;
import io.mora.cli.output.GlobalOptions;
import io.mora.cli.output.Json;
import io.mora.cli.output.Moments;
import io.mora.cli.output.Screen;
import io.mora.cli.output.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Looking once, or over and over. */
public final class WatchOptions {
  private static final Duration EVERY_MIN = Duration.ofMillis(100);

  @Option(
      names = "--watch",
      paramLabel = "SECONDS",
      converter = TimeSpan.class,
      description = "Show it again every so often (0.1 or more), until Ctrl-C.")
  private @Nullable Duration every;

  @Option(names = "--times", paramLabel = "N", description = "With --watch: end after N.")
  private int times;

  /** Asks, and prints the answer as JSON or by {@code table}; again if that was asked for. */
  public void print(
      GlobalOptions global, Supplier<Doc> source, BiConsumer<Doc, PrintWriter> table) {
    if (every == null) {
      if (times != 0) {
        throw CliException.usage("--times goes with --watch");
      }
      Doc doc = source.get();
      global.print(doc.map(), out -> table.accept(doc, out));
      return;
    }
    boolean terminal = !global.json() && Terminal.onOutput();
    repeat(
        new Screen(global.out(), terminal),
        every,
        times,
        () -> text(global, source.get(), (doc, out) -> headed(global, doc, out, table)));
  }

  private void headed(
      GlobalOptions global, Doc doc, PrintWriter out, BiConsumer<Doc, PrintWriter> table) {
    out.println(Moments.now() + "  " + global.commandName());
    out.println();
    table.accept(doc, out);
    out.println();
  }

  static String text(GlobalOptions global, Doc doc, BiConsumer<Doc, PrintWriter> table) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    if (global.json()) {
      Json.write(out, doc.map());
    } else {
      table.accept(doc, out);
    }
    out.flush();
    return text.toString();
  }

  /** Shows a source over and over; a daemon that is away for a while is waited for. */
  static void repeat(Screen screen, Duration every, int times, Supplier<String> source) {
    if (times < 0 || every.compareTo(EVERY_MIN) < 0) {
      throw CliException.usage("0.1 s or more between, and 1 time or more");
    }
    boolean[] answered = new boolean[1];
    Supplier<String> patient =
        () -> {
          try {
            String text = source.get();
            answered[0] = true;
            return text;
          } catch (CliException e) {
            boolean away =
                e.exitCode() == ExitCodes.UNAVAILABLE || e.exitCode() == ExitCodes.TIMEOUT;
            if (!away || !answered[0]) {
              throw e;
            }
            return Moments.now() + "  " + e.getMessage() + "\n";
          }
        };
    try {
      screen.repeat(every, times, patient);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCodes.INTERRUPTED, "interrupted", e);
    }
  }

  /** Waits; Ctrl-C ends the command. */
  static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCodes.INTERRUPTED, "interrupted", e);
    }
  }
}
