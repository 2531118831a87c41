package io.mora.cli;

import org.jspecify.annotations.Nullable;

/** A command cannot go on: what is wrong, the value, what is allowed, what to do next. */
public final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /**
   * @param exitCode one of {@link ExitCodes}
   * @param message lines for a person; the first says what is wrong
   */
  public CliException(int exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  public CliException(int exitCode, String message) {
    this(exitCode, message, null);
  }

  /** A mistake on the command line that only shows once more is known. */
  public static CliException usage(String message) {
    return new CliException(ExitCodes.USAGE, message);
  }

  public int exitCode() {
    return exitCode;
  }
}
