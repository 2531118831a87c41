package io.mora.cli.manage.client;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.cli.output.GlobalOptions;
import io.mora.cli.output.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.Charset;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Asks before something is taken away. */
public final class Confirmation {
  @Option(
      names = {"-y", "--yes"},
      description = "Do it without being asked; needed without a terminal.")
  private boolean yes;

  /**
   * Goes on only if a person says yes, or has said so by the option.
   *
   * @param consequence sentences on what would happen
   */
  public void ask(GlobalOptions global, String consequence) {
    if (!yes) {
      Reader in = new InputStreamReader(System.in, Charset.defaultCharset());
      ask(global.err(), in, Terminal.onInput(), consequence);
    }
  }

  static void ask(PrintWriter err, Reader in, boolean terminal, String consequence) {
    if (!terminal) {
      throw CliException.usage(
          consequence + "\nThere is no terminal to ask at: pass --yes if that is what you want.");
    }
    err.println(consequence);
    err.print("Go on? [y/N] ");
    err.flush();
    String answer = "";
    try {
      String line = new BufferedReader(in).readLine();
      answer = line == null ? "" : line.strip().toLowerCase(Locale.ROOT);
    } catch (IOException e) {
      throw new CliException(ExitCodes.LOCAL_IO, "no answer could be read: " + e, e);
    }
    if (!answer.equals("y") && !answer.equals("yes")) {
      throw new CliException(ExitCodes.FAILED, "nothing was changed");
    }
  }
}
