package io.mora.protocol.net;

import io.netty.channel.uring.IoUringIoHandlerConfig;
import java.util.function.IntSupplier;

/**
 * How one loop is set up.
 *
 * @param ringSize submission entries of an io_uring loop, a power of two {@value #MIN_RING_SIZE} to
 *     {@value #MAX_RING_SIZE}; a full ring is submitted early, nothing is lost
 * @param completionRingSize completion entries, a power of two, at least {@code ringSize} and at
 *     most twice {@value #MAX_RING_SIZE}; when it overflows the kernel keeps the rest, slowly
 * @param spinNs how long an idle loop polls before it sleeps, 0 to {@value #MAX_SPIN_NS}; 0 sleeps
 *     at once
 * @param fileRing an epoll loop gets a ring for files beside its sockets, where {@link
 *     TransportKind#hasFileRing} says so
 * @param pinnedCpu the CPU the loop's thread runs on, asked for after it started, or -1
 */
public record LoopOptions(
    int ringSize, int completionRingSize, long spinNs, boolean fileRing, IntSupplier pinnedCpu) {
  public static final int MIN_RING_SIZE = 64;
  public static final int MAX_RING_SIZE = 32_768;
  public static final int DEFAULT_RING_SIZE = 1024;
  public static final int DEFAULT_COMPLETION_RING_SIZE = 8192;
  public static final long MAX_SPIN_NS = 10_000_000_000L;

  /** Default ring sizes, no spinning, not pinned. */
  public static final LoopOptions DEFAULT =
      new LoopOptions(DEFAULT_RING_SIZE, DEFAULT_COMPLETION_RING_SIZE, 0, false, () -> -1);

  public LoopOptions {
    requirePowerOfTwo("ringSize", ringSize, MIN_RING_SIZE, MAX_RING_SIZE);
    requirePowerOfTwo("completionRingSize", completionRingSize, ringSize, 2 * MAX_RING_SIZE);
    requireSpin(spinNs);
  }

  public LoopOptions withSpinNs(long newSpinNs) {
    return new LoopOptions(ringSize, completionRingSize, newSpinNs, fileRing, pinnedCpu);
  }

  public LoopOptions withPinnedCpu(IntSupplier newPinnedCpu) {
    return new LoopOptions(ringSize, completionRingSize, spinNs, fileRing, newPinnedCpu);
  }

  /** With a ring for files. */
  public LoopOptions withFileRing() {
    return new LoopOptions(ringSize, completionRingSize, spinNs, true, pinnedCpu);
  }

  /** Sets the submission ring and keeps the completion ring eight times as large. */
  public LoopOptions withRingSize(int newRingSize) {
    int completions = (int) Math.min(2L * MAX_RING_SIZE, 8L * newRingSize);
    return new LoopOptions(newRingSize, completions, spinNs, fileRing, pinnedCpu);
  }

  IoUringIoHandlerConfig ringConfig() {
    return new IoUringIoHandlerConfig().setRingSize(ringSize).setCqSize(completionRingSize);
  }

  static long requireSpin(long spinNs) {
    if (spinNs < 0 || spinNs > MAX_SPIN_NS) {
      throw new IllegalArgumentException("spinNs " + spinNs + ": 0 to " + MAX_SPIN_NS);
    }
    return spinNs;
  }

  private static void requirePowerOfTwo(String name, int value, int min, int max) {
    if (Integer.bitCount(value) != 1 || value < min || value > max) {
      throw new IllegalArgumentException(
          name + " " + value + ": a power of two from " + min + " to " + max);
    }
  }
}
