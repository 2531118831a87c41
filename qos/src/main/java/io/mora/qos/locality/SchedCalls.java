package io.mora.qos.locality;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The C library's scheduler calls. Linux only: {@link #UNAVAILABLE} says why not elsewhere, and
 * then nothing else here may be called.
 */
final class SchedCalls {
  /** Why the calls cannot be made, in one line, or null when they can. */
  static final @Nullable String UNAVAILABLE = bind();

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

  private static native long pthread_self();
}
