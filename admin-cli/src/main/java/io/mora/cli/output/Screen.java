package io.mora.cli.output;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Shows something over and over: on a terminal in the same place, elsewhere one after the other.
 */
public final class Screen {
  private static final String HOME = "\u001b[H";
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";

  /** The screen beside the scrolled one, without a cursor; and back. */
  private static final String ENTER = "\u001b[?1049h\u001b[?25l";

  private static final String LEAVE = "\u001b[?25h\u001b[?1049l";

  private final PrintWriter out;
  private final boolean terminal;

  /**
   * @param terminal whether codes for a terminal may be written
   */
  public Screen(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /**
   * Shows what the supplier says until interrupted.
   *
   * @param times at most so often; 0 is without end
   */
  public void repeat(Duration every, int times, Supplier<String> content)
      throws InterruptedException {
    Thread restore = new Thread(() -> write(LEAVE), "leave-screen");
    boolean whole = terminal && times == 0;
    if (whole) {
      Runtime.getRuntime().addShutdownHook(restore);
      write(ENTER);
    }
    try {
      for (int shown = 1; ; shown++) {
        String text = content.get();
        write(whole ? frame(text) : text);
        if (shown == times) {
          return;
        }
        Thread.sleep(every.toMillis());
      }
    } finally {
      if (whole) {
        write(LEAVE);
        leaveAlone(restore);
      }
    }
  }

  /** What draws a text over the one before it, without flicker: nothing is cleared in advance. */
  static String frame(String text) {
    return HOME + text.replace("\n", CLEAR_LINE + "\n") + CLEAR_BELOW;
  }

  private void write(String text) {
    out.print(text);
    out.flush();
  }

  private static void leaveAlone(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // It runs, or has run.
    }
  }
}
