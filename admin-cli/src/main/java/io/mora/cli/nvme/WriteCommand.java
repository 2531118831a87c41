package io.mora.cli.nvme;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.cli.connect.Session;
import io.mora.cli.connect.SubsystemOptions;
import io.mora.cli.output.GlobalOptions;
import io.mora.initiator.Association;
import io.mora.initiator.Initiator;
import io.mora.initiator.RemoteNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mora write}. */
@Command(
    name = "write",
    description = {
      "Copies standard input or a file to a namespace, and makes it durable.",
      "Writes whole blocks, until the input or the range ends."
    })
public final class WriteCommand implements Callable<Integer> {
  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private SubsystemOptions subsystem = new SubsystemOptions();
  @Mixin private RangeOptions range = new RangeOptions();

  @Option(names = "--pad", description = "Fill a last, partial block with zeroes.")
  private boolean pad;

  @Option(names = "--fua", description = "Each write is durable before the next; slow.")
  private boolean fua;

  @Option(
      names = "--no-flush",
      description = "Leave the data in the target's volatile cache at the end.")
  private boolean noFlush;

  @Override
  public Integer call() throws IOException, TimeoutException, InterruptedException {
    long timeoutMs = subsystem.address().timeoutMs();
    try (Initiator initiator = Session.start(subsystem.host());
        Association association = SubsystemOptions.open(initiator, subsystem.connect(1, 128));
        InputStream in = range.file == null ? System.in : Files.newInputStream(range.file)) {
      RemoteNamespace namespace = Disks.namespace(association, range.nsid);
      DataRange bytes = DataRange.of(namespace, range.offsetBytes, range.lengthBytes);
      long taken = new Transfer(namespace, timeoutMs).write(in, bytes, pad, fua);
      if (!noFlush) {
        Session.await(namespace.flush(), 2 * timeoutMs, "the flush");
      }
      report(namespace, bytes, taken, in);
    }
    return 0;
  }

  private void report(RemoteNamespace namespace, DataRange bytes, long taken, InputStream in)
      throws IOException {
    long rest = pad ? 0 : taken % namespace.blockBytes();
    long written = taken - rest;
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("nsid", range.nsid);
    facts.put("bytes", written);
    facts.put("durable", fua || !noFlush);
    global.print(facts, out -> out.println("wrote " + written + " bytes"));
    if (rest > 0) {
      throw new CliException(
          ExitCodes.FAILED,
          "the last "
              + rest
              + " bytes of the input were not written: the namespace has blocks of "
              + namespace.blockBytes()
              + " bytes; --pad fills the last one with zeroes");
    }
    if (range.lengthBytes == null ? in.read() >= 0 : taken < bytes.lengthBytes()) {
      throw new CliException(
          ExitCodes.FAILED,
          range.lengthBytes == null
              ? "the namespace is full and the input goes on; " + written + " bytes were written"
              : "the input ended before --length=" + bytes.lengthBytes());
    }
  }
}
