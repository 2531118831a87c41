package io.mora.cli.manage.client;

import io.mora.cli.output.GlobalOptions;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The daemon that is changed, and the report of it. */
public final class ChangeOptions {
  private static final int VALUE_MAX = 40;

  @Mixin private AdminOptions admin = new AdminOptions();

  @Option(
      names = "--discard-edits",
      description = "Overwrite a configuration file that was edited by hand and not taken over.")
  private boolean discardEdits;

  /** A client that changes. */
  public AdminClient client() {
    return admin.client(discardEdits);
  }

  /**
   * Tells what a change did.
   *
   * @param done in words, if it did anything
   */
  public void report(GlobalOptions global, String done, Doc changed) {
    global.print(changed.map(), out -> report(out, done, changed));
  }

  private static void report(PrintWriter out, String done, Doc changed) {
    if (changed.docs("changes").isEmpty()) {
      out.println("nothing to change: it is so already");
      return;
    }
    out.println(done + " (configuration version " + changed.text("version") + ")");
    list(out, changed.docs("changes"));
  }

  /** A line for each difference: {@code +}, {@code -}, or {@code ~} with before and after. */
  public static void list(PrintWriter out, List<Doc> changes) {
    for (Doc change : changes) {
      Object before = change.map().get("before");
      Object after = change.map().get("after");
      switch (change.text("kind")) {
        case "added" -> out.println("  + " + change.text("path") + scalar(after));
        case "removed" -> out.println("  - " + change.text("path") + scalar(before));
        default ->
            out.println(
                "  ~ " + change.text("path") + ": " + value(before) + " -> " + value(after));
      }
    }
  }

  private static String scalar(@Nullable Object value) {
    boolean section = value instanceof Map<?, ?> || value instanceof List<?>;
    return section ? "" : ": " + value(value);
  }

  private static String value(@Nullable Object value) {
    String text = String.valueOf(value);
    return text.length() <= VALUE_MAX ? text : text.substring(0, VALUE_MAX - 1) + "~";
  }
}
