package io.mora.cli.manage.importing;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.cli.manage.client.Doc;
import io.mora.cli.output.GlobalOptions;
import io.mora.cli.output.JsonReader;
import io.mora.cli.output.Yaml;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mora config import}. */
@Command(
    name = "import",
    description = {
      "Makes a configuration of what 'nvmetcli save' or SPDK's save_config wrote, prints it, and"
          + " says what it could not carry over.",
      "Nothing is changed: look at it, then 'mora target check FILE' or 'mora config apply FILE'."
    })
public final class ImportCommand implements Runnable {
  private static final int FILE_MAX = 16 << 20;

  /** There may be secrets in it. */
  private static final FileAttribute<?> OWN =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final Path BLOCK_DEVICES = Path.of("/sys/class/block");

  @Mixin private GlobalOptions global = new GlobalOptions();

  @Parameters(paramLabel = "FILE", description = "JSON; whose it is shows by itself.")
  private Path file = Path.of("");

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "Writes the configuration to this new file instead, which others cannot read.")
  private @Nullable Path to;

  @Override
  public void run() {
    Imported imported = imported(Doc.of(read()));
    Doc config = imported.config();
    if (global.json()) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("config", config.map());
      result.put("notCarriedOver", imported.left());
      global.print(result, out -> {});
    } else if (to == null) {
      Yaml.write(global.out(), config.map());
      global.out().flush();
    }
    if (to != null) {
      write(to, config);
    }
    report(imported.left());
  }

  private @Nullable Object read() {
    try {
      if (Files.size(file) > FILE_MAX) {
        throw new CliException(ExitCodes.DATA, file + ": at most " + FILE_MAX + " bytes");
      }
      return JsonReader.read(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      throw new CliException(ExitCodes.DATA, file + ": no JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CliException(ExitCodes.LOCAL_IO, file + " cannot be read: " + e, e);
    }
  }

  private Imported imported(Doc saved) {
    boolean spdk = saved.docs("subsystems").stream().anyMatch(each -> each.has("subsystem"));
    boolean nvmet =
        saved.has("ports") || saved.docs("subsystems").stream().anyMatch(each -> each.has("nqn"));
    if (spdk) {
      return SpdkImport.of(saved);
    }
    if (nvmet) {
      return NvmetImport.of(saved, new BlockSizes(BLOCK_DEVICES));
    }
    throw new CliException(
        ExitCodes.DATA,
        file
            + ": neither of nvmetcli (ports, subsystems with nqn) nor of SPDK (subsystems with"
            + " subsystem and config)");
  }

  private static void write(Path to, Doc config) {
    try {
      Path file = Files.createFile(to, OWN);
      try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
        Yaml.write(out, config.map());
      }
    } catch (IOException e) {
      throw new CliException(ExitCodes.LOCAL_IO, to + " cannot be written: " + e, e);
    }
  }

  private void report(List<String> left) {
    PrintWriter err = global.err();
    if (left.isEmpty()) {
      err.println("Everything was carried over.");
    } else {
      err.println(left.size() + (left.size() == 1 ? " remark:" : " remarks:"));
      left.forEach(each -> err.println("  " + each));
    }
    err.println("Next: 'mora target check " + (to == null ? "FILE" : to) + "'.");
    err.flush();
  }
}
