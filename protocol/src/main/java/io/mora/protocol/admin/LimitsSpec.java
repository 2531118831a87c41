package io.mora.protocol.admin;

import java.time.Duration;

/**
 * What a target bounds for all hosts together and for each.
 *
 * @param connections open TCP connections; one more is closed at once
 * @param ioQueuesPerController I/O queues granted by Set Features 07h
 * @param queueDepth entries of a queue (CAP.MQES + 1); a host asks for at most that
 * @param handshakeTimeout a connection that has not sent ICReq, and then Connect, within this time
 *     each is closed
 * @param shutdownTimeout a stop waits this long for commands in flight before it cuts connections
 * @param transfer bounds of one command's data
 */
public record LimitsSpec(
    int connections,
    int ioQueuesPerController,
    int queueDepth,
    Duration handshakeTimeout,
    Duration shutdownTimeout,
    TransferSpec transfer) {
  public static final Range CONNECTIONS = new Range(2, 4096, 65536);
  public static final Range IO_QUEUES_PER_CONTROLLER = new Range(1, 64, 1024);
  public static final Range QUEUE_DEPTH = new Range(32, 128, 1024);
  public static final Range HANDSHAKE_TIMEOUT_MS = new Range(100, 10_000, 120_000);
  public static final Range SHUTDOWN_TIMEOUT_MS = new Range(0, 10_000, 600_000);

  public static final LimitsSpec DEFAULT =
      new LimitsSpec(
          (int) CONNECTIONS.defaultValue(),
          (int) IO_QUEUES_PER_CONTROLLER.defaultValue(),
          (int) QUEUE_DEPTH.defaultValue(),
          Duration.ofMillis(HANDSHAKE_TIMEOUT_MS.defaultValue()),
          Duration.ofMillis(SHUTDOWN_TIMEOUT_MS.defaultValue()),
          TransferSpec.DEFAULT);

  public LimitsSpec withHandshakeTimeout(Duration newTimeout) {
    return new LimitsSpec(
        connections, ioQueuesPerController, queueDepth, newTimeout, shutdownTimeout, transfer);
  }

  public LimitsSpec withTransfer(TransferSpec newTransfer) {
    return new LimitsSpec(
        connections,
        ioQueuesPerController,
        queueDepth,
        handshakeTimeout,
        shutdownTimeout,
        newTransfer);
  }
}
