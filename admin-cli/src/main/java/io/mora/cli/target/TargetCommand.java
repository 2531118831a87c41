package io.mora.cli.target;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mora target}: the daemon, which is a program of its own. */
@Command(
    name = "target",
    description = "Runs a target, or checks its configuration.",
    mixinStandardHelpOptions = true,
    subcommands = {TargetCommand.Run.class, TargetCommand.Check.class})
public final class TargetCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli fills the field
  TargetCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "run or check?");
  }

  /** {@code mora target run}. */
  @Command(
      name = "run",
      description = "Serves what a configuration says, until SIGTERM or Ctrl-C.",
      mixinStandardHelpOptions = true)
  static final class Run implements Callable<Integer> {
    @Parameters(paramLabel = "CONFIG", description = "YAML file; see docs/configuration.md.")
    private Path config = Path.of("");

    @Option(
        names = "--stats-every",
        paramLabel = "TIME",
        description = "Log what each class did, every TIME (1s to 24h).")
    private String statsEvery = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
      return statsEvery.isEmpty()
          ? exec("run", config.toString())
          : exec("run", config.toString(), "--stats-every", statsEvery);
    }
  }

  /** {@code mora target check}. */
  @Command(
      name = "check",
      description = "Says what is wrong with a configuration; serves nothing.",
      mixinStandardHelpOptions = true)
  static final class Check implements Callable<Integer> {
    @Parameters(paramLabel = "CONFIG", description = "YAML file; see docs/configuration.md.")
    private Path config = Path.of("");

    @Override
    public Integer call() throws IOException, InterruptedException {
      return exec("check", config.toString());
    }
  }

  /** The launcher runs these two without this JVM; this is for those who start it otherwise. */
  private static int exec(String... arguments) throws IOException, InterruptedException {
    Process target = new ProcessBuilder(TargetLauncher.command(arguments)).inheritIO().start();
    Thread stop = new Thread(target::destroy, "stop-target");
    Runtime.getRuntime().addShutdownHook(stop);
    return target.waitFor();
  }
}
