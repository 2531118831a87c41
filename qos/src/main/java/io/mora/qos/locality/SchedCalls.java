package io.mora.qos.locality;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The C library's scheduler calls. Linux only: {@link #UNAVAILABLE} says why not elsewhere, and
 * then nothing else here may be called.
 */
final class SchedCalls {
  /** Why the calls cannot be made, in one line, or null when they can. */
  static final @Nullable String UNAVAILABLE = bind();

  private static final int PR_SET_TIMERSLACK = 29;
  private static final int PRIO_PROCESS = 0;
  private static final int SCHED_ATTR_BYTES = 48;
  private static final int SCHED_ATTR_POLICY = 4;
  private static final int SCHED_ATTR_FLAGS = 8;
  private static final int SCHED_ATTR_RUNTIME = 24;
  private static final int SCHED_OTHER = 0;
  private static final long SCHED_FLAG_RESET_ON_FORK = 1;

  /** Number of sched_getattr; that of sched_setattr is one less. */
  private static final long ATTR_CALLS =
      switch (System.getProperty("os.arch", "")) {
        case "amd64" -> 315;
        case "aarch64" -> 275;
        default -> 0;
      };

  private static final int BITS = 8;
  private static final int MIN_MASK_BYTES = 128;

  private SchedCalls() {}

  /** Restricts the calling thread to one CPU; null, or why it could not be done. */
  static @Nullable String pin(int cpu) {
    byte[] mask = new byte[Math.max(MIN_MASK_BYTES, (cpu / Long.SIZE + 1) * Long.BYTES)];
    mask[cpu / BITS] = (byte) (1 << cpu % BITS);
    if (sched_setaffinity(0, mask.length, mask) != 0) {
      return "sched_setaffinity to CPU " + cpu + ": errno " + Native.getLastError();
    }
    return null;
  }

  /** Lets timers of the calling thread fire at most so late; the kernel's default is 50 us. */
  static void timerSlack(long slackNs) {
    prctl(PR_SET_TIMERSLACK, slackNs, 0, 0, 0);
  }

  /** Niceness of the calling thread alone; null, or why it could not be set. */
  static @Nullable String nice(int niceness) {
    if (setpriority(PRIO_PROCESS, 0, niceness) != 0) {
      return "setpriority to " + niceness + ": errno " + Native.getLastError();
    }
    return null;
  }

  /**
   * Asks for a slice of CPU time of the calling thread, not of those it starts, if it is scheduled
   * as usual and not in real time: Linux 6.12 and newer take 0.1 to 100 ms, older ones ignore it.
   */
  static void slice(long sliceNs) {
    byte[] attributes = new byte[SCHED_ATTR_BYTES];
    ByteBuffer fields = ByteBuffer.wrap(attributes).order(ByteOrder.nativeOrder());
    if (read(attributes) && fields.getInt(SCHED_ATTR_POLICY) == SCHED_OTHER) {
      long flags = fields.getLong(SCHED_ATTR_FLAGS) | SCHED_FLAG_RESET_ON_FORK;
      fields.putLong(SCHED_ATTR_FLAGS, flags).putLong(SCHED_ATTR_RUNTIME, sliceNs);
      syscall(ATTR_CALLS - 1, 0, attributes, 0, 0);
    }
  }

  /**
   * The slice of the calling thread, ns; 0 from a Linux before 6.12, negative where none is known.
   */
  static long slice() {
    byte[] attributes = new byte[SCHED_ATTR_BYTES];
    ByteBuffer fields = ByteBuffer.wrap(attributes).order(ByteOrder.nativeOrder());
    return read(attributes) ? fields.getLong(SCHED_ATTR_RUNTIME) : -1;
  }

  /**
   * The kernel's struct sched_attr of the calling thread; by number, as few C libraries have it.
   */
  private static boolean read(byte[] attributes) {
    return ATTR_CALLS != 0 && syscall(ATTR_CALLS, 0, attributes, attributes.length, 0) == 0;
  }

  /** CPU the calling thread runs on now, or negative. */
  static int currentCpu() {
    return sched_getcpu();
  }

  /**
   * Address of the calling thread's rseq {@code cpu_id}, or 0: glibc 2.35 and newer on x86-64
   * register the area at a fixed offset from the thread pointer, which is what pthread_self returns
   * there.
   */
  static long rseqCpuAddress() {
    if (!System.getProperty("os.arch", "").equals("amd64")) {
      return 0;
    }
    try {
      NativeLibrary libc = NativeLibrary.getInstance("c");
      int sizeBytes = libc.getGlobalVariableAddress("__rseq_size").getInt(0);
      long offset = libc.getGlobalVariableAddress("__rseq_offset").getLong(0);
      return sizeBytes == 0 ? 0 : pthread_self() + offset + Integer.BYTES;
    } catch (UnsatisfiedLinkError e) {
      return 0;
    }
  }

  static Pointer pointer(long address) {
    return new Pointer(address);
  }

  private static @Nullable String bind() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return "not Linux";
    }
    try {
      Native.register(SchedCalls.class, "c");
      return null;
    } catch (LinkageError | RuntimeException e) {
      return "native calls: " + e;
    }
  }

  // The rest keeps the C names: JNA binds by them.
  private static native int sched_setaffinity(int pid, long maskBytes, byte[] mask);

  private static native int sched_getcpu();

  private static native int setpriority(int which, int who, int priority);

  private static native long syscall(
      long number, long pid, byte[] attributes, long sizeOrFlags, long flags);

  private static native int prctl(int option, long arg2, long arg3, long arg4, long arg5);

  private static native long pthread_self();
}
