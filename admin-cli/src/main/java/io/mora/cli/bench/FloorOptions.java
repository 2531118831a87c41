package io.mora.cli.bench;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.cli.floor.Exchange;
import io.mora.cli.floor.FileFloor;
import io.mora.cli.floor.FileReads;
import io.mora.cli.floor.Floor;
import io.mora.cli.floor.Span;
import io.mora.cli.load.Workload;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What no target on this machine can beat, measured beside the load. */
final class FloorOptions {
  /** All of it, half before the load and half after. */
  private static final long COUNTED_NS_MAX = 3_000_000_000L;

  /** The first time is compiled in. */
  private static final long WARMUP_NS_MAX = 1_000_000_000L;

  @Option(
      names = "--floor",
      description = {
        "In the same run, before the load and after it, also measure a bare loopback exchange of",
        "the same bytes with no NVMe in it, sleeping and spinning: what no target on this machine",
        "can beat."
      })
  private boolean floor;

  @Option(
      names = "--file-floor",
      paramLabel = "PATH",
      description = {
        "Likewise, reads of this file or device through a bare io_uring past the page cache, of",
        "the load's size, depth and places. Only reads, and only of a load that only reads."
      })
  private @Nullable Path file;

  @Option(
      names = "--floor-cpu",
      paramLabel = "CPU",
      defaultValue = "-1",
      description = "Pin the floor's server, and reader, to the CPU that the target runs on.")
  private int cpu = -1;

  /** What is known of the load's commands once it is connected. */
  record Load(Workload workload, long durationNs, int clientCpu, Wire wire) {}

  /**
   * How its commands travel.
   *
   * @param inCapsuleBytes most data of a write in its capsule
   * @param timed replies tell times, so a read's has a capsule of its own
   */
  record Wire(long inCapsuleBytes, boolean timed) {}

  /** Refuses what cannot be measured, before anything is loaded. */
  void check(Workload workload) {
    if (file == null) {
      return;
    }
    if (workload.readPercent() < 100) {
      throw CliException.usage(
          "--file-floor=" + file + ": it only reads; with --read=100, which is the default");
    }
    try {
      FileFloor.check(file, reads(workload));
    } catch (IOException e) {
      throw refused(e);
    }
  }

  private static CliException refused(IOException e) {
    return new CliException(ExitCodes.LOCAL_IO, "--file-floor: " + e.getMessage(), e);
  }

  private static FileReads reads(Workload workload) {
    return new FileReads(
        workload.depth(),
        workload.blockBytes(),
        workload.sequential(),
        workload.region().offsetBytes(),
        workload.indices(),
        workload.seed());
  }

  /** Measures what was asked for, and adds it to what was measured before. */
  void measure(Load load, Floors into) throws IOException, InterruptedException {
    Span span =
        new Span(
            Math.min(WARMUP_NS_MAX, load.durationNs()) / (into.isEmpty() ? 1 : 2),
            Math.min(COUNTED_NS_MAX, load.durationNs()) / 2);
    if (floor) {
      Exchange exchange = exchange(load);
      into.exchange(exchange);
      into.addSockets(Floor.measure(exchange, false, span, load.clientCpu(), cpu));
      into.addSockets(Floor.measure(exchange, true, span, load.clientCpu(), cpu));
    }
    if (file != null) {
      try {
        FileReads reads = reads(load.workload());
        into.addFiles(FileFloor.measure(file, reads, false, span, cpu));
        into.addFiles(FileFloor.measure(file, reads, true, span, cpu));
      } catch (IOException e) {
        throw refused(e);
      }
    }
  }

  private static Exchange exchange(Load load) {
    Workload workload = load.workload();
    int bytes = workload.blockBytes();
    if (workload.readPercent() >= 50) {
      return Exchange.read(workload.depth(), bytes, load.wire().timed());
    }
    return bytes <= load.wire().inCapsuleBytes()
        ? Exchange.write(workload.depth(), bytes)
        : Exchange.askedWrite(workload.depth(), bytes);
  }
}
