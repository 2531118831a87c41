package io.mora.cli.output;

import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of every command, and where its words go. */
@Command(mixinStandardHelpOptions = true)
public final class GlobalOptions {
  /** How results are printed. */
  public enum Format {
    TABLE,
    JSON,
    YAML
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, json or yaml (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TABLE;

  @Option(names = "--verbose", description = "Stack traces with errors.")
  private boolean verbose;

  @SuppressWarnings("NullAway.Init") // picocli fills the field
  public GlobalOptions() {}

  public boolean json() {
    return format == Format.JSON;
  }

  public boolean verbose() {
    return verbose;
  }

  public PrintWriter out() {
    return command.commandLine().getOut();
  }

  /** For progress and remarks: never part of a result. */
  public PrintWriter err() {
    return command.commandLine().getErr();
  }

  /** Prints a result as what was asked for: the value as JSON, or what {@code table} prints. */
  public void print(Object value, Consumer<PrintWriter> table) {
    PrintWriter out = out();
    switch (format) {
      case TABLE -> table.accept(out);
      case JSON -> Json.write(out, value);
      case YAML -> Yaml.write(out, value);
    }
    out.flush();
  }

  /** What the command is called, as {@code mora read}. */
  public String commandName() {
    return command.qualifiedName();
  }
}
