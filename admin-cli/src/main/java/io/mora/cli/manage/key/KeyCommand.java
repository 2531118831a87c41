package io.mora.cli.manage.key;

import io.mora.cli.manage.client.Noun;
import picocli.CommandLine.Command;

/** {@code mora host key}. */
@Command(
    name = "key",
    description = "Secrets by which hosts and controllers prove who they are.",
    mixinStandardHelpOptions = true,
    subcommands = {KeyGenerateCommand.class, KeySetCommand.class, KeyRemoveCommand.class})
public final class KeyCommand extends Noun {}
