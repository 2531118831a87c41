package io.mora.cli.doctor;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.cli.doctor.Finding.State;
import io.mora.cli.output.GlobalOptions;
import io.mora.cli.output.Table;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mora doctor}. */
@Command(
    name = "doctor",
    description = {
      "Looks at this machine as one that serves storage: kernel, CPUs, network, disks, limits.",
      "Says what to change and why. Exit code 1 if something is a problem.",
      "Changes nothing but with --apply, and then only settings of the running kernel, which a"
          + " restart of the machine forgets; --undo takes them back."
    })
public final class DoctorCommand implements Callable<Integer> {
  private static final int FOUND_MAX = 62;

  @Mixin private GlobalOptions global = new GlobalOptions();

  @Option(
      names = "--root",
      paramLabel = "FOLDER",
      defaultValue = "/",
      description = "Where proc and sys are (default: ${DEFAULT-VALUE}).")
  private Path root = Path.of("/");

  @ArgGroup private Action action = new Action();

  @Option(names = "--dry-run", description = "With --apply: only say what would be set.")
  private boolean dryRun;

  @Option(
      names = "--cpus",
      paramLabel = "CPU",
      split = ",",
      description = {
        "CPUs that are the shards' alone, as shards.cpus has them: interrupts of network cards go",
        "there, and are polled for."
      })
  private List<Integer> cpus = List.of();

  @Option(
      names = "--undo-file",
      paramLabel = "FILE",
      defaultValue = "/var/lib/mora-doctor/undo.json",
      description = "What there was before (default: ${DEFAULT-VALUE}).")
  private Path undoFile = Path.of("");

  /** Looking is what is done without one. */
  static final class Action {
    @Option(names = "--apply", description = "Set what can be set while the machine runs.")
    private boolean apply;

    @Option(names = "--undo", description = "Set back what --apply has set.")
    private boolean undo;
  }

  @Override
  public Integer call() {
    Machine machine = new Machine(root);
    if (dryRun && !action.apply) {
      throw CliException.usage("--dry-run says what --apply would do: pass both");
    }
    if (action.undo) {
      return tell(new Tuning(machine, undoFile).takeBack());
    }
    List<Finding> findings = examine(machine, cpus);
    if (action.apply) {
      List<Setting> settings = findings.stream().flatMap(each -> each.settings().stream()).toList();
      return tell(new Tuning(machine, undoFile).apply(settings, dryRun));
    }
    global.print(
        Map.of("findings", findings.stream().map(Finding::map).toList()),
        out -> print(findings, out));
    boolean problem = findings.stream().anyMatch(each -> each.state() == State.PROBLEM);
    return problem ? ExitCodes.FAILED : ExitCodes.OK;
  }

  private int tell(List<Tuning.Step> steps) {
    global.print(
        Map.of("settings", steps.stream().map(Tuning.Step::map).toList()),
        out -> {
          if (steps.isEmpty()) {
            out.println("Nothing to set.");
            return;
          }
          Table table = new Table("!SETTING", "BEFORE", "AFTER", "RESULT");
          for (Tuning.Step each : steps) {
            table.row("/" + each.path(), each.before(), each.after(), each.word());
          }
          table.print(out, "");
          steps.stream()
              .filter(each -> !each.why().isEmpty())
              .forEach(each -> out.println("/" + each.path() + ": " + each.why()));
        });
    return steps.stream().anyMatch(Tuning.Step::isFailed) ? ExitCodes.FAILED : ExitCodes.OK;
  }

  static List<Finding> examine(Machine machine, List<Integer> shardCpus) {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(new KernelChecks(machine).all());
    findings.addAll(new CpuChecks(machine).all());
    findings.addAll(new NetworkChecks(machine, shardCpus).all());
    findings.addAll(new StorageChecks(machine).all());
    return findings;
  }

  private static void print(List<Finding> findings, PrintWriter out) {
    Table table = new Table("CHECK", "STATE", "FOUND");
    for (Finding each : findings) {
      String found = each.found();
      table.row(
          each.check(),
          each.state().word(),
          found.length() <= FOUND_MAX ? found : found.substring(0, FOUND_MAX - 1) + "~");
    }
    table.print(out, "");
    List<Finding> toDo = findings.stream().filter(each -> !each.change().isEmpty()).toList();
    out.println();
    for (Finding each : toDo) {
      out.println(each.check() + ": " + each.why());
      out.println("  " + each.change());
    }
    out.println(
        toDo.isEmpty()
            ? "Nothing to change."
            : toDo.size()
                + " of "
                + findings.size()
                + " could be better; 'mora doctor --apply --dry-run' says what it can set.");
  }
}
