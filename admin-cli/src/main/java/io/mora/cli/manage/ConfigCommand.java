package io.mora.cli.manage;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.cli.manage.client.AdminClient;
import io.mora.cli.manage.client.AdminOptions;
import io.mora.cli.manage.client.ChangeOptions;
import io.mora.cli.manage.client.Confirmation;
import io.mora.cli.manage.client.Doc;
import io.mora.cli.manage.client.Noun;
import io.mora.cli.manage.importing.ImportCommand;
import io.mora.cli.output.GlobalOptions;
import io.mora.cli.output.Moments;
import io.mora.cli.output.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mora config}. */
@Command(
    name = "config",
    description = "The configuration of a running target as a whole, and its versions.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ConfigCommand.Show.class,
      ConfigCommand.Validate.class,
      ConfigCommand.Diff.class,
      ConfigCommand.Apply.class,
      ConfigCommand.Reload.class,
      ConfigCommand.History.class,
      ConfigCommand.Rollback.class,
      ImportCommand.class
    })
public final class ConfigCommand extends Noun {
  private static final String CONFIG = "/config";

  /** As the daemon takes at most. */
  private static final int FILE_MAX = 16 << 20;

  private static byte[] read(Path file) {
    try {
      if (Files.size(file) > FILE_MAX) {
        throw CliException.usage(file + ": at most " + FILE_MAX + " bytes");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new CliException(ExitCodes.LOCAL_IO, file + " cannot be read: " + e, e);
    }
  }

  private static String lines(Doc differences) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    ChangeOptions.list(out, differences.docs("changes"));
    out.flush();
    return text.toString().stripTrailing();
  }

  /** {@code mora config show}. */
  @Command(name = "show", description = "Prints the configuration in force, or an earlier version.")
  static final class Show implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private AdminOptions admin = new AdminOptions();

    @Option(
        names = "--version-number",
        paramLabel = "N",
        description = "A version of 'mora config history', as it was written.")
    private @Nullable Integer version;

    @Override
    public void run() {
      AdminClient client = admin.client();
      if (version != null && global.json()) {
        throw CliException.usage("versions are kept as YAML: without --output=json");
      }
      if (global.json()) {
        global.print(client.get(CONFIG).map(), out -> {});
      } else {
        String path = version == null ? CONFIG : CONFIG + "/history/" + version;
        global.out().print(client.yaml(path));
        global.out().flush();
      }
    }
  }

  /** {@code mora config validate}. */
  @Command(
      name = "validate",
      description = "Says what is wrong with a file, storage included; changes nothing.")
  static final class Validate implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private AdminOptions admin = new AdminOptions();

    @Parameters(paramLabel = "FILE", description = "YAML; see docs/configuration.md.")
    private Path file = Path.of("");

    @Override
    public void run() {
      Doc valid = admin.client().postYaml(CONFIG + "/validate", read(file));
      global.print(valid.map(), out -> out.println(file + ": valid"));
    }
  }

  /** {@code mora config diff}. */
  @Command(
      name = "diff",
      description = "What would be different with what is written, or with a file.")
  static final class Diff implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private AdminOptions admin = new AdminOptions();

    @Parameters(
        paramLabel = "FILE",
        arity = "0..1",
        description = "YAML (default: the file the target was started with).")
    private @Nullable Path file;

    @Override
    public void run() {
      AdminClient client = admin.client();
      Doc differences =
          file == null
              ? client.get(CONFIG + "/diff")
              : client.postYaml(CONFIG + "/diff", read(file));
      global.print(
          differences.map(),
          out ->
              out.println(
                  differences.docs("changes").isEmpty()
                      ? "what runs is " + (file == null ? "what is written" : file.toString())
                      : lines(differences)));
    }
  }

  /** {@code mora config apply}. */
  @Command(
      name = "apply",
      description = "Puts a whole file in force: all of it, or nothing and why not.")
  static final class Apply implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private ChangeOptions change = new ChangeOptions();
    @Mixin private Confirmation confirmation = new Confirmation();

    @Parameters(paramLabel = "FILE", description = "YAML; see docs/configuration.md.")
    private Path file = Path.of("");

    @Override
    public void run() {
      AdminClient client = change.client();
      byte[] wanted = read(file);
      Doc differences = client.postYaml(CONFIG + "/diff", wanted);
      if (!differences.docs("changes").isEmpty()) {
        confirmation.ask(global, "This would become different:\n" + lines(differences));
      }
      // What was agreed to are the differences from this version, so there is no second try.
      Doc changed = client.good(client.putYaml(CONFIG, wanted, differences.text("etag"))).doc();
      change.report(global, file + " is in force", changed);
    }
  }

  /** {@code mora config reload}. */
  @Command(
      name = "reload",
      description = "Takes over what was edited in the target's file, as SIGHUP does.")
  static final class Reload implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private ChangeOptions change = new ChangeOptions();

    @Override
    public void run() {
      change.report(
          global, "the edited file is in force", change.client().post(CONFIG + "/reload"));
    }
  }

  /** {@code mora config history}. */
  @Command(name = "history", description = "Lists the versions that are kept.")
  static final class History implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private AdminOptions admin = new AdminOptions();

    @Override
    public void run() {
      Doc versions = admin.client().get(CONFIG + "/history");
      global.print(versions.map(), out -> table(versions, out));
    }

    private static void table(Doc versions, PrintWriter out) {
      Table table = new Table(">VERSION", "SINCE", "BY", "CHANGE");
      for (Doc each : versions.docs("versions")) {
        String number = each.text("version") + (each.flag("current") ? " *" : "  ");
        table.row(number, Moments.date(each.text("at")), each.text("by"), each.text("change"));
      }
      table.print(out, "");
      out.println();
      out.println("* in force. 'mora config rollback N' puts an earlier one in force again.");
    }
  }

  /** {@code mora config rollback}. */
  @Command(name = "rollback", description = "Puts an earlier version in force, as a new one.")
  static final class Rollback implements Runnable {
    @Mixin private GlobalOptions global = new GlobalOptions();
    @Mixin private ChangeOptions change = new ChangeOptions();
    @Mixin private Confirmation confirmation = new Confirmation();

    @Parameters(paramLabel = "VERSION", description = "As 'mora config history' has it.")
    private int version;

    @Override
    public void run() {
      AdminClient client = change.client();
      byte[] wanted = client.bytes(CONFIG + "/history/" + version);
      Doc differences = client.postYaml(CONFIG + "/diff", wanted);
      if (!differences.docs("changes").isEmpty()) {
        confirmation.ask(global, "This would become different:\n" + lines(differences));
      }
      Doc changed = client.post(CONFIG + "/rollback/" + version, differences.text("etag"));
      change.report(global, "version " + version + " is in force again", changed);
    }
  }
}
