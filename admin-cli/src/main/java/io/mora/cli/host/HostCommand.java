package io.mora.cli.host;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mora host}. */
@Command(
    name = "host",
    description = "Makes what a host needs.",
    mixinStandardHelpOptions = true,
    subcommands = HostCommand.Key.class)
public final class HostCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli fills the field
  HostCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "what of the host? key");
  }

  /** {@code mora host key}. */
  @Command(
      name = "key",
      description = "Secrets by which hosts and controllers prove who they are.",
      mixinStandardHelpOptions = true,
      subcommands = KeyGenerateCommand.class)
  static final class Key implements Runnable {
    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli fills the field
    Key() {}

    @Override
    public void run() {
      throw new ParameterException(spec.commandLine(), "what of the key? generate");
    }
  }
}
