package io.mora.cli.doctor;

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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mora doctor}. */
@Command(
    name = "doctor",
    description = {
      "Looks at this machine as one that serves storage: kernel, CPUs, network, disks, limits.",
      "Changes nothing; says what to change and why. Exit code 1 if something is a problem."
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

  @Override
  public Integer call() {
    List<Finding> findings = examine(new Machine(root));
    global.print(
        Map.of("findings", findings.stream().map(Finding::map).toList()),
        out -> print(findings, out));
    boolean problem = findings.stream().anyMatch(each -> each.state() == State.PROBLEM);
    return problem ? ExitCodes.FAILED : ExitCodes.OK;
  }

  static List<Finding> examine(Machine machine) {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(new KernelChecks(machine).all());
    findings.addAll(new CpuChecks(machine).all());
    findings.addAll(new NetworkChecks(machine).all());
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
            : toDo.size() + " of " + findings.size() + " could be better; nothing was changed.");
  }
}
