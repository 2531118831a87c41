package io.mora.target.shard;

import io.mora.qos.IoClass;
import io.mora.qos.mode.LatencyMode;
import io.mora.qos.mode.ModeProfile;

/**
 * What a turn may still move for those who are in no hurry before it looks at the sockets again:
 * bytes read, started at devices and written, by the latency mode that counts now. The shard's
 * thread only.
 */
public final class TurnBudget {
  /*
   * A budget is refilled when the loop has been to its transport, not with every round of turn
   * listeners, of which there may be two in between. What is spent is asked before, so that one
   * piece may go over: a piece longer than the budget must not wait for ever.
   */
  /** A latency class, or a bounded namespace, counts as active this long after its last command. */
  public static final long ACTIVE_NS = 250_000_000;

  /** What an operation without data counts as. */
  private static final int LEAST_BYTES = 4096;

  /** Longest single read of a socket. */
  private static final int READ_MAX_BYTES = 64 << 10;

  /** So many connections may each read once within a turn's budget. */
  private static final int READERS = 8;

  private final boolean unlimited;
  private ModeProfile profile = ModeProfile.AUTO_IDLE;
  private boolean latencySeen;
  private boolean boundedSeen;
  private boolean throughputOnly = true;
  private long latencyNs;
  private long boundedNs;
  private long round = Long.MIN_VALUE;
  private long startLeft;
  private long sendLeft;
  private long readLeft;

  /**
   * @param unlimited a turn moves whatever there is: order of arrival
   */
  TurnBudget(boolean unlimited) {
    this.unlimited = unlimited;
    refill();
  }

  /** A command of a class has come for a namespace of a mode. */
  public void touch(LatencyMode mode, int ioClass, long nowNs) {
    if (mode != LatencyMode.THROUGHPUT) {
      throughputOnly = false;
      if (IoClass.isLatency(ioClass)) {
        latencySeen = true;
        latencyNs = nowNs;
      }
    }
    if (mode == LatencyMode.BOUNDED) {
      boundedSeen = true;
      boundedNs = nowNs;
    }
  }

  /** The numbers for a command of a namespace of this mode. */
  public ModeProfile profile(LatencyMode mode) {
    return mode.profile(latencySeen);
  }

  /** The numbers this turn goes by: those of the strictest mode that is active. */
  public ModeProfile profile() {
    return profile;
  }

  /** Whether a latency class is active. */
  public boolean latencyActive() {
    return latencySeen;
  }

  /** The loop begins, or goes on with, its given round. */
  void begin(long loopRound, long nowNs) {
    if (loopRound == round) {
      return;
    }
    round = loopRound;
    if (latencySeen && nowNs - latencyNs > ACTIVE_NS) {
      latencySeen = false;
    }
    if (boundedSeen && nowNs - boundedNs > ACTIVE_NS) {
      boundedSeen = false;
    }
    LatencyMode mode =
        boundedSeen
            ? LatencyMode.BOUNDED
            : throughputOnly && !latencySeen ? LatencyMode.THROUGHPUT : LatencyMode.AUTO;
    throughputOnly |= !latencySeen && !boundedSeen;
    profile = mode.profile(latencySeen);
    refill();
  }

  private void refill() {
    startLeft = unlimited ? Long.MAX_VALUE : profile.turnBulkBytes();
    sendLeft = startLeft;
    readLeft = startLeft;
  }

  /** Whether another operation of classes 1 to 4 may start. */
  boolean mayStart() {
    return startLeft > 0;
  }

  void started(long bytes) {
    startLeft -= Math.max(LEAST_BYTES, bytes);
  }

  /** Whether another data PDU of classes 1 to 4 may be written in this turn; then it counts. */
  public boolean send(int bytes) {
    if (sendLeft <= 0) {
      return false;
    }
    sendLeft -= bytes;
    return true;
  }

  /**
   * Counts bytes read.
   *
   * @return false when the connection should not be read again in this turn
   */
  public boolean read(int bytes) {
    readLeft -= bytes;
    return readLeft > 0;
  }

  /** Longest read of one socket. */
  public int readMaxBytes() {
    return unlimited
        ? READ_MAX_BYTES
        : Math.min(READ_MAX_BYTES, Math.max(LEAST_BYTES, profile.turnBulkBytes() / READERS));
  }
}
