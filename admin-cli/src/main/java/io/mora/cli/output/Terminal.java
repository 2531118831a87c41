package io.mora.cli.output;

/** What the launcher saw of the standard streams: the JVM cannot tell them apart by itself. */
public final class Terminal {
  private static final String STREAMS = System.getProperty("mora.terminal", "");

  private Terminal() {}

  /** Standard input is a terminal: there is somebody to ask. */
  public static boolean onInput() {
    return STREAMS.contains("stdin");
  }

  /** Standard output is a terminal: binary data would garble it. */
  public static boolean onOutput() {
    return STREAMS.contains("stdout");
  }

  /** Standard error is a terminal: a line may be drawn over and over. */
  public static boolean onError() {
    return STREAMS.contains("stderr");
  }
}
