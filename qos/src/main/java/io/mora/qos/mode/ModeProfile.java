package io.mora.qos.mode;

import io.mora.qos.WindowPolicy;

/**
 * The numbers a {@link LatencyMode} stands for.
 *
 * @param cutBytes longest piece of a read or write the device gets at a time
 * @param c2hPduBytes longest data PDU of classes 1 to 4
 * @param r2tPieceBytes data one R2T asks for
 * @param spinNs how long a loop looks for work before it sleeps
 * @param turnBulkBytes data of classes 1 to 4 a loop turn moves before it looks at the sockets
 * @param egressBulkBytesPerTurn data of classes 1 to 4 one connection writes in a turn
 * @param socketQueueBulkBytes data of classes 1 to 4 that may lie in a socket's queue
 * @param coalesce replies of latency classes too wait for the end of the turn and leave together
 * @param quickAck what a host is in the middle of sending is acknowledged at once
 * @param window what holds classes 1 to 4 back at the device
 */
public record ModeProfile(
    int cutBytes,
    int c2hPduBytes,
    int r2tPieceBytes,
    long spinNs,
    int turnBulkBytes,
    int egressBulkBytesPerTurn,
    int socketQueueBulkBytes,
    boolean coalesce,
    boolean quickAck,
    WindowPolicy window) {
  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  public static final ModeProfile THROUGHPUT =
      new ModeProfile(
          MIB, MIB, 256 * KIB, 0, 8 * MIB, 4 * MIB, 4 * MIB, true, false, WindowPolicy.OPEN);

  public static final ModeProfile BOUNDED =
      new ModeProfile(
          64 * KIB,
          64 * KIB,
          128 * KIB,
          50_000,
          256 * KIB,
          256 * KIB,
          256 * KIB,
          false,
          true,
          WindowPolicy.BOUNDED);

  /** {@link LatencyMode#AUTO} while a latency class is active. */
  public static final ModeProfile AUTO_ACTIVE =
      new ModeProfile(
          64 * KIB,
          64 * KIB,
          128 * KIB,
          20_000,
          256 * KIB,
          256 * KIB,
          256 * KIB,
          false,
          true,
          WindowPolicy.AUTO);

  /**
   * {@link LatencyMode#AUTO} otherwise. The cut stays as when active: what was started in one piece
   * cannot be cut when a latency class wakes up.
   */
  public static final ModeProfile AUTO_IDLE =
      new ModeProfile(
          64 * KIB, 256 * KIB, 256 * KIB, 0, 4 * MIB, MIB, MIB, false, false, WindowPolicy.AUTO);

  public ModeProfile {
    positive("cutBytes", cutBytes);
    positive("c2hPduBytes", c2hPduBytes);
    positive("r2tPieceBytes", r2tPieceBytes);
    positive("turnBulkBytes", turnBulkBytes);
    positive("egressBulkBytesPerTurn", egressBulkBytesPerTurn);
    positive("socketQueueBulkBytes", socketQueueBulkBytes);
    if (spinNs < 0) {
      throw new IllegalArgumentException("spinNs " + spinNs + ": at least 0");
    }
  }

  private static void positive(String name, int value) {
    if (value < 4096) {
      throw new IllegalArgumentException(name + " " + value + ": at least 4096");
    }
  }

  /** Whether the device window follows latency. */
  public boolean windowed() {
    return window.drivenByDelay();
  }
}
