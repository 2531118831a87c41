package io.mora.qos.locality;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Tells the CPU the calling thread runs on. An instance belongs to the thread that made it and must
 * not be read by another, least of all after that thread ended.
 *
 * <p>On x86-64 with glibc 2.35 or newer this reads four bytes the kernel keeps up to date in the
 * thread's rseq area (about a nanosecond); elsewhere it calls sched_getcpu (about 100 ns); where
 * there is neither, {@link #read} is -1. Virtual threads change their carrier, so they always call.
 */
public final class CurrentCpu {
  private final @Nullable ByteBuffer rseq;
  private final boolean callable;

  private CurrentCpu(@Nullable ByteBuffer rseq, boolean callable) {
    this.rseq = rseq;
    this.callable = callable;
  }

  /** A reader for the calling thread. */
  public static CurrentCpu ofThisThread() {
    if (SchedCalls.UNAVAILABLE != null) {
      return new CurrentCpu(null, false);
    }
    long address = isVirtual() ? 0 : SchedCalls.rseqCpuAddress();
    if (address == 0) {
      return new CurrentCpu(null, true);
    }
    ByteBuffer area =
        SchedCalls.pointer(address).getByteBuffer(0, Integer.BYTES).order(ByteOrder.nativeOrder());
    // Negative: the kernel refused the registration.
    return new CurrentCpu(area.getInt(0) < 0 ? null : area, true);
  }

  /** The CPU's number, or -1 when it cannot be told. */
  public int read() {
    ByteBuffer area = rseq;
    if (area != null) {
      return area.getInt(0);
    }
    return callable ? SchedCalls.currentCpu() : -1;
  }

  /** How it is read: {@code rseq}, {@code sched_getcpu} or {@code none}. */
  public String origin() {
    if (rseq != null) {
      return "rseq";
    }
    return callable ? "sched_getcpu" : "none";
  }

  /** Thread.isVirtual exists from JDK 21 on only. */
  private static boolean isVirtual() {
    return Thread.currentThread().getClass().getName().equals("java.lang.VirtualThread");
  }
}
