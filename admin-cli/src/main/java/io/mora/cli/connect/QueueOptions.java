package io.mora.cli.connect;

import io.mora.initiator.ConnectOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a connection to a subsystem is like; names and units as nvme-cli has them. */
public final class QueueOptions {
  @Option(
      names = {"-i", "--nr-io-queues"},
      paramLabel = "N",
      description = "I/O queues to ask for (default: 1).")
  private @Nullable Integer queues;

  @Option(
      names = {"-Q", "--queue-size"},
      paramLabel = "N",
      description = "Entries of an I/O queue, 16 to 1024 (default: 128).")
  private @Nullable Integer queueSize;

  @Option(
      names = {"-g", "--hdr-digest"},
      description = "CRC32C over PDU headers.")
  private boolean headerDigest;

  @Option(
      names = {"-G", "--data-digest"},
      description = "CRC32C over data.")
  private boolean dataDigest;

  @Option(
      names = {"-k", "--keep-alive-tmo"},
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "Keep-alive timeout, 0 for none (default: ${DEFAULT-VALUE}).")
  private long keepAliveS = 5;

  @Option(
      names = {"-c", "--reconnect-delay"},
      paramLabel = "SECONDS",
      defaultValue = "2",
      description = "Wait before each attempt to reconnect (default: ${DEFAULT-VALUE}).")
  private long reconnectDelayS = 2;

  @Option(
      names = {"-l", "--ctrl-loss-tmo"},
      paramLabel = "SECONDS",
      defaultValue = "0",
      description = "How long to try to reconnect, -1 for ever (default: ${DEFAULT-VALUE}, never).")
  private long controllerLossS;

  /** How many queues were asked for, or this many. */
  public int queues(int byDefault) {
    return queues == null ? byDefault : queues;
  }

  /** Which queue size was asked for, or this one. */
  public int queueSize(int byDefault) {
    return queueSize == null ? byDefault : queueSize;
  }

  /** Sets what was asked for, but not the number and size of queues. */
  public ConnectOptions.Builder apply(ConnectOptions.Builder connect) {
    return connect
        .headerDigest(headerDigest)
        .dataDigest(dataDigest)
        .keepAliveTimeoutMs(Math.multiplyExact(keepAliveS, 1000L))
        .reconnectDelayMs(Math.multiplyExact(reconnectDelayS, 1000L))
        .controllerLossTimeoutMs(
            controllerLossS < 0
                ? ConnectOptions.FOREVER
                : Math.multiplyExact(controllerLossS, 1000L));
  }
}
