package io.mora.cli.bench;

import io.mora.cli.CliException;
import io.mora.cli.connect.ByteCount;
import io.mora.cli.connect.TimeSpan;
import io.mora.cli.load.Stamps;
import io.mora.cli.load.Workload;
import io.mora.initiator.RemoteNamespace;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is done, where, how fast and how long. */
final class LoadOptions {
  static final int DEPTH_MAX = 1023;
  static final int DEPTH_CLOSED = 32;
  static final int DEPTH_OPEN = 127;
  static final long BLOCK_BYTES_MAX = 16L << 20;
  static final long BUFFERS_BYTES_MAX = 4L << 30;

  @Option(
      names = {"-b", "--block-size"},
      paramLabel = "SIZE",
      defaultValue = "4KiB",
      converter = ByteCount.class,
      description = "Bytes of one I/O (default: ${DEFAULT-VALUE}).")
  private long blockBytes;

  @Option(
      names = {"-r", "--read"},
      paramLabel = "PERCENT",
      defaultValue = "100",
      description = "Reads among the I/Os, the rest are writes (default: ${DEFAULT-VALUE}).")
  private int readPercent;

  @Option(names = "--sequential", description = "One after the other instead of at random places.")
  private boolean sequential;

  @Option(
      names = {"-d", "--depth"},
      paramLabel = "N",
      description = "I/Os under way on each queue (default: 32; at most 127 with --rate).")
  private @Nullable Integer depth;

  @Option(
      names = "--rate",
      paramLabel = "IOPS",
      defaultValue = "0",
      description = {
        "Open loop: start so many I/Os a second on all queues together, whatever becomes of those",
        "before; 0 starts one when one ends (default: ${DEFAULT-VALUE})."
      })
  private double rate;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = TimeSpan.class,
      description = "The part that counts (default: ${DEFAULT-VALUE}).")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--warm-up",
      paramLabel = "TIME",
      defaultValue = "2s",
      converter = TimeSpan.class,
      description = "Before the part that counts (default: ${DEFAULT-VALUE}).")
  private Duration warmUp = Duration.ZERO;

  @Option(
      names = "--offset",
      paramLabel = "SIZE",
      defaultValue = "0",
      converter = ByteCount.class,
      description = "Where the region begins (default: ${DEFAULT-VALUE}).")
  private long offsetBytes;

  @Option(
      names = "--region",
      paramLabel = "SIZE",
      converter = ByteCount.class,
      description = "How much of the namespace is used (default: to its end).")
  private @Nullable Long regionBytes;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of every random choice (default: random; printed).")
  private @Nullable Long seed;

  @Option(names = "--fill", description = "First write the whole region. Destroys what is there.")
  boolean fill;

  @Option(
      names = "--verify",
      description = {
        "Stamp what is written, check what is read, and read all of it back at the end.",
        "Checking takes time of this client. Destroys what is there."
      })
  private boolean verify;

  long durationNs() {
    return positive("--duration", duration);
  }

  long warmupNs() {
    return warmUp.toNanos();
  }

  long seed() {
    return seed == null ? System.nanoTime() & Integer.MAX_VALUE : seed;
  }

  /** The part of the namespace; its length is below 0 if it goes to the end. */
  Workload.Region region() {
    return new Workload.Region(offsetBytes, regionBytes == null ? -1 : regionBytes);
  }

  int depth() {
    return depth != null ? depth : rate > 0 ? DEPTH_OPEN : DEPTH_CLOSED;
  }

  boolean openLoop() {
    return rate > 0;
  }

  /** Data will be lost: the region holds nothing of worth afterwards. */
  boolean destroys() {
    return fill || verify || readPercent < 100;
  }

  /**
   * The workload, checked against the namespace.
   *
   * @param queues of all connections
   */
  Workload workload(RemoteNamespace namespace, int queues) {
    require("--block-size", blockBytes, 1, BLOCK_BYTES_MAX);
    require("--read", readPercent, 0, 100);
    require("--depth", depth(), 1, DEPTH_MAX);
    require(
        "buffers (--block-size x --depth x queues)",
        blockBytes * depth() * queues,
        1,
        BUFFERS_BYTES_MAX);
    if (rate < 0 || rate > 1e8) {
      throw CliException.usage("--rate=" + rate + ": 0 to 100000000");
    }
    long left = Math.max(0, namespace.sizeBytes() - offsetBytes);
    Workload.Region region =
        new Workload.Region(offsetBytes, regionBytes == null ? left : regionBytes);
    Workload workload =
        new Workload(
            (int) blockBytes, readPercent, sequential, depth(), rate, region, verify, seed());
    workload.requireFits(namespace);
    if (verify) {
      require("I/Os in the region of --verify", workload.indices(), 1, Stamps.INDICES_MAX);
    }
    return workload;
  }

  private static void require(String what, long value, long min, long max) {
    if (value < min || value > max) {
      throw CliException.usage(what + " = " + value + ": " + min + " to " + max);
    }
  }

  private static long positive(String option, Duration value) {
    if (value.isZero()) {
      throw CliException.usage(option + "=0: longer than nothing");
    }
    return value.toNanos();
  }
}
