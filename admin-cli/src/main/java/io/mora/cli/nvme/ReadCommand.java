package io.mora.cli.nvme;

import io.mora.cli.CliException;
import io.mora.cli.connect.Session;
import io.mora.cli.connect.SubsystemOptions;
import io.mora.cli.output.GlobalOptions;
import io.mora.cli.output.Terminal;
import io.mora.initiator.Association;
import io.mora.initiator.Initiator;
import io.mora.initiator.RemoteNamespace;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mora read}. */
@Command(name = "read", description = "Copies bytes of a namespace to standard output or a file.")
public final class ReadCommand implements Callable<Integer> {
  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private SubsystemOptions subsystem = new SubsystemOptions();
  @Mixin private RangeOptions range = new RangeOptions();

  @Override
  public Integer call() throws IOException, TimeoutException, InterruptedException {
    if (range.file == null && Terminal.onOutput()) {
      throw CliException.usage(
          "standard output is a terminal, which the data would garble;"
              + " redirect it or pass --file=FILE");
    }
    try (Initiator initiator = Session.start(subsystem.host());
        Association association = SubsystemOptions.open(initiator, subsystem.connect(1, 128))) {
      RemoteNamespace namespace = Disks.namespace(association, range.nsid);
      DataRange bytes = DataRange.of(namespace, range.offsetBytes, range.lengthBytes);
      try (OutputStream out = open()) {
        new Transfer(namespace, subsystem.address().timeoutMs()).read(bytes, out);
      }
      if (range.file != null) {
        global.print(
            Map.of("nsid", range.nsid, "bytes", bytes.lengthBytes()),
            out -> out.println("read " + bytes.lengthBytes() + " bytes into " + range.file));
      }
    }
    return 0;
  }

  @SuppressWarnings("resource") // standard output is the process', closing it ends only the data
  private OutputStream open() throws IOException {
    return range.file == null
        ? new FileOutputStream(FileDescriptor.out)
        : Files.newOutputStream(range.file);
  }
}
