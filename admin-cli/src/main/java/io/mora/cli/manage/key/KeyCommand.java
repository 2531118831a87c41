package io.mora.cli.manage.key;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mora host key}. */
@Command(
    name = "key",
    description = "Secrets by which hosts and controllers prove who they are.",
    mixinStandardHelpOptions = true,
    subcommands = {KeyGenerateCommand.class, KeySetCommand.class, KeyRemoveCommand.class})
public final class KeyCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli fills the field
  KeyCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "generate, set or remove?");
  }
}
