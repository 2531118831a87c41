package io.mora.cli.load;

import io.mora.cli.output.Figures;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One line on a terminal that says how a load goes; nothing anywhere else. */
public final class Progress {
  private static final long INTERVAL_MS = 500;
  private static final String ERASE = "\r\033[K";

  private final @Nullable PrintWriter terminal;

  /**
   * @param terminal where the line is drawn, or null for nowhere
   */
  public Progress(@Nullable PrintWriter terminal) {
    this.terminal = terminal;
  }

  /** Draws until it is closed. */
  Line start(String name, List<QueueLoad> loads, int blockBytes, Window window) {
    Line line = new Line(name, loads, blockBytes, window);
    if (terminal != null) {
      line.thread.start();
    }
    return line;
  }

  /** The line while a load runs. */
  final class Line implements AutoCloseable {
    private final String name;
    private final List<QueueLoad> loads;
    private final int blockBytes;
    private final Window window;
    private final Thread thread = new Thread(this::draw, "progress");

    private Line(String name, List<QueueLoad> loads, int blockBytes, Window window) {
      this.name = name;
      this.loads = loads;
      this.blockBytes = blockBytes;
      this.window = window;
      thread.setDaemon(true);
    }

    long completions() {
      long sum = 0;
      for (QueueLoad load : loads) {
        sum += load.completions();
      }
      return sum;
    }

    private void draw() {
      long lastNs = System.nanoTime();
      long last = completions();
      try {
        while (true) {
          Thread.sleep(INTERVAL_MS);
          long nowNs = System.nanoTime();
          long now = completions();
          show(nowNs, (now - last) * 1e9 / (nowNs - lastNs));
          last = now;
          lastNs = nowNs;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // the load is over
      }
    }

    private void show(long nowNs, double perSecond) {
      String state = nowNs - window.fromNs() < 0 ? "warm-up" : name;
      String text =
          String.format(
              Locale.ROOT,
              "%s %.0f s  %s IOPS  %s/s",
              state,
              (nowNs - window.startNs()) / 1e9,
              Figures.count(perSecond),
              Figures.bytes((long) (perSecond * blockBytes)));
      print(ERASE + text);
    }

    private void print(String text) {
      if (terminal != null) {
        terminal.print(text);
        terminal.flush();
      }
    }

    @Override
    public void close() {
      if (terminal == null) {
        return;
      }
      thread.interrupt();
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      print(ERASE);
    }
  }
}
