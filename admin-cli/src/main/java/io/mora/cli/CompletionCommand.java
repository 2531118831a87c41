package io.mora.cli;

import java.io.PrintWriter;
import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mora completion}: a script that bash and zsh read. */
@Command(
    name = "completion",
    description = {
      "Prints a completion script for bash and zsh.",
      "Use it with: source <(mora completion bash)"
    },
    mixinStandardHelpOptions = true)
final class CompletionCommand implements Runnable {
  /** Shells that can read it. */
  enum Shell {
    BASH,
    ZSH
  }

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "SHELL",
      arity = "0..1",
      defaultValue = "bash",
      description = "bash or zsh: the script is one, and knows which of them reads it.")
  private Shell shell = Shell.BASH;

  @SuppressWarnings("NullAway.Init") // picocli fills the field
  CompletionCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(AutoComplete.bash("mora", spec.root().commandLine()));
    out.println();
    out.println("# source <(mora completion " + shell.name().toLowerCase(Locale.ROOT) + ")");
    out.flush();
  }
}
