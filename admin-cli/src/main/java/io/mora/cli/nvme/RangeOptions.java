package io.mora.cli.nvme;

import io.mora.cli.connect.ByteCount;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which bytes of which namespace, and the file at the other end. */
final class RangeOptions {
  @Option(
      names = {"-N", "--nsid"},
      paramLabel = "N",
      defaultValue = "1",
      description = "Namespace id (default: ${DEFAULT-VALUE}).")
  int nsid = 1;

  @Option(
      names = "--offset",
      paramLabel = "SIZE",
      defaultValue = "0",
      converter = ByteCount.class,
      description = "First byte, a multiple of the block (default: ${DEFAULT-VALUE}).")
  long offsetBytes;

  @Option(
      names = {"-z", "--length"},
      paramLabel = "SIZE",
      converter = ByteCount.class,
      description = "Bytes, a multiple of the block, as 64KiB (default: to the end).")
  @Nullable Long lengthBytes;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "Instead of standard input or output.")
  @Nullable Path file;
}
