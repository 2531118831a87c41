package io.mora.cli.streams;

import java.io.PrintWriter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One line on a terminal that says which phase runs; nothing anywhere else. */
public final class PhaseLine implements Consumer<String> {
  private static final String ERASE = "\r\033[K";

  private final @Nullable PrintWriter terminal;

  /**
   * @param terminal where the line is drawn, or null for nowhere
   */
  public PhaseLine(@Nullable PrintWriter terminal) {
    this.terminal = terminal;
  }

  /** Draws it anew; nothing but an empty text removes it. */
  @Override
  public void accept(String text) {
    if (terminal != null) {
      terminal.print(ERASE + text);
      terminal.flush();
    }
  }
}
