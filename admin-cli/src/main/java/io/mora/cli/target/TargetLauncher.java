package io.mora.cli.target;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds the launcher of the target beside the one that started this command. */
public final class TargetLauncher {
  private TargetLauncher() {}

  /**
   * The command that runs {@code mora-target} with arguments.
   *
   * @throws CliException if this command was not started by its launcher
   */
  public static List<String> command(String... arguments) {
    String home = System.getProperty("mora.home");
    Path launcher = home == null ? null : Path.of(home, "bin", "mora-target");
    if (launcher == null || !Files.isExecutable(launcher)) {
      throw new CliException(
          ExitCodes.FAILED,
          "the target's launcher is not at "
              + (launcher == null ? "bin/mora-target of mora.home, which is not set" : launcher)
              + "; start this command by bin/mora of the distribution, or by ./mora of a clone");
    }
    List<String> command = new ArrayList<>();
    command.add(launcher.toString());
    command.addAll(List.of(arguments));
    return command;
  }
}
