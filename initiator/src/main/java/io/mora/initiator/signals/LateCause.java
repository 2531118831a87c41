package io.mora.initiator.signals;

import io.mora.initiator.io.IoResult;
import io.mora.protocol.intent.Timing;

/** Why a command missed its deadline, as far as this host can see. */
public enum LateCause {
  /** Waited in this host for a place in its queue. */
  HOST_QUEUE(0),
  /** Lowered to another class by the target. */
  ADMISSION(1),
  /** The host's token bucket at the target was empty. */
  TOKEN_BUCKET(2),
  /** Waited in the target's queue for the device. */
  TARGET_QUEUE(3),
  DEVICE(4),
  /** Between the device's end and the target's socket; of a write, also asking for its data. */
  SEND(5),
  /** Between the sockets; without a target's timing, everything from socket to socket. */
  NETWORK(6),
  /** From the socket to the consumer, on the same CPU. */
  CLIENT_WAKE_UP(7),
  /** From the socket to the consumer, on another CPU. */
  WRONG_CORE(8),
  /** The collector stopped this process for most of the excess. */
  GC_PAUSE(9);

  private static final LateCause[] ALL = values();

  static final int COUNT = ALL.length;

  private final int index;

  LateCause(int index) {
    this.index = index;
  }

  /** Its place among counts, 0 to {@link #COUNT} - 1. */
  int index() {
    return index;
  }

  static LateCause of(int index) {
    return ALL[index];
  }

  /** The longest part of the way, seen from this host; pauses of the collector not looked at. */
  public static LateCause of(IoResult io) {
    long hostQueueNs = io.sentNs() == 0 ? 0 : io.sentNs() - io.submittedNs();
    long awayNs = io.sentNs() == 0 ? 0 : io.completedNs() - io.sentNs();
    long wakeNs = io.readyNs() - io.completedNs();
    long result = io.result();
    if (!Timing.isPresent(result)) {
      return awayNs >= Math.max(hostQueueNs, wakeNs)
          ? NETWORK
          : hostQueueNs >= wakeNs ? HOST_QUEUE : wakeUp(io);
    }
    long totalNs = Timing.totalNs(result);
    long queueNs = Timing.queueNs(result);
    long deviceNs = Timing.deviceNs(result);
    LateCause cause = NETWORK;
    long longest = awayNs - totalNs;
    if (hostQueueNs > longest) {
      cause = HOST_QUEUE;
      longest = hostQueueNs;
    }
    if (wakeNs > longest) {
      cause = wakeUp(io);
      longest = wakeNs;
    }
    if (totalNs - queueNs - deviceNs > longest) {
      cause = SEND;
      longest = totalNs - queueNs - deviceNs;
    }
    if (deviceNs > longest) {
      cause = DEVICE;
      longest = deviceNs;
    }
    return queueNs > longest ? inQueue(Timing.flags(result)) : cause;
  }

  private static LateCause wakeUp(IoResult io) {
    boolean known = io.completionCpu() >= 0 && io.consumerCpu() >= 0;
    return known && io.completionCpu() != io.consumerCpu() ? WRONG_CORE : CLIENT_WAKE_UP;
  }

  private static LateCause inQueue(int flags) {
    if ((flags & Timing.THROTTLED) != 0) {
      return TOKEN_BUCKET;
    }
    return (flags & Timing.DOWNGRADED) != 0 ? ADMISSION : TARGET_QUEUE;
  }
}
