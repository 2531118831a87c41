package io.mora.cli;

import io.mora.cli.bench.BenchCommand;
import io.mora.cli.demo.DemoCommand;
import io.mora.cli.doctor.DoctorCommand;
import io.mora.cli.manage.AnaCommand;
import io.mora.cli.manage.ConfigCommand;
import io.mora.cli.manage.ConnectionCommand;
import io.mora.cli.manage.GrantCommand;
import io.mora.cli.manage.HostCommand;
import io.mora.cli.manage.ListenerCommand;
import io.mora.cli.manage.NamespaceCommand;
import io.mora.cli.manage.SubsystemCommand;
import io.mora.cli.manage.watch.ClassCommand;
import io.mora.cli.manage.watch.EventsCommand;
import io.mora.cli.manage.watch.ExplainCommand;
import io.mora.cli.manage.watch.TopCommand;
import io.mora.cli.nvme.DiscoverCommand;
import io.mora.cli.nvme.IdCtrlCommand;
import io.mora.cli.nvme.ListCommand;
import io.mora.cli.nvme.ReadCommand;
import io.mora.cli.nvme.WriteCommand;
import io.mora.cli.target.TargetCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code mora} command; everything it does is in its subcommands. */
@Command(
    name = "mora",
    description = "Mora, a latency-aware NVMe/TCP target and initiator.",
    mixinStandardHelpOptions = true,
    versionProvider = MoraVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      TargetCommand.class,
      SubsystemCommand.class,
      NamespaceCommand.class,
      ListenerCommand.class,
      HostCommand.class,
      GrantCommand.class,
      AnaCommand.class,
      ClassCommand.class,
      ConnectionCommand.class,
      ConfigCommand.class,
      EventsCommand.class,
      ExplainCommand.class,
      TopCommand.class,
      DoctorCommand.class,
      DiscoverCommand.class,
      ListCommand.class,
      IdCtrlCommand.class,
      ReadCommand.class,
      WriteCommand.class,
      BenchCommand.class,
      CompletionCommand.class,
      VersionCommand.class,
      HelpCommand.class
    })
public final class MoraCommand implements Runnable {
  private static final int HELP_WIDTH = 100;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli fills the field
  MoraCommand() {}

  /** Without a subcommand nothing can be done. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command? 'mora help' lists them");
  }

  /** The command line, ready to execute or to be looked at. */
  public static CommandLine create() {
    FailureReport report = new FailureReport();
    CommandLine line =
        new CommandLine(new MoraCommand())
            .setUsageHelpWidth(HELP_WIDTH)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(report)
            .setParameterExceptionHandler(report)
            .setExitCodeExceptionMapper(report);
    line.getCommandSpec()
        .usageMessage()
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(ExitCodes.helpList());
    describe(line);
    return line;
  }

  /** Picocli would sort options by name; they are written in an order that tells something. */
  private static void describe(CommandLine line) {
    CommandSpec spec = line.getCommandSpec();
    spec.usageMessage().sortOptions(false).sortSynopsis(false).abbreviateSynopsis(true);
    spec.exitCodeOnInvalidInput(ExitCodes.USAGE).exitCodeOnExecutionException(ExitCodes.DEFECT);
    line.getSubcommands().values().forEach(MoraCommand::describe);
  }

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    // Before anything logs. The file is in this jar, so it cannot be taken for the target's.
    if (System.getProperty("logback.configurationFile") == null) {
      System.setProperty("logback.configurationFile", "io/mora/cli/logback-cli.xml");
    }
    System.exit(create().execute(args));
  }
}
