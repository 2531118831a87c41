package io.mora.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Runs the command line in this process and keeps what it says. */
public record CommandLines(int exitCode, String out, String err) {
  public static CommandLines run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        MoraCommand.create().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exitCode = line.execute(args);
    return new CommandLines(exitCode, out.toString(), err.toString());
  }
}
