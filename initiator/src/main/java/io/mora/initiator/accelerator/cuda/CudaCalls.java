package io.mora.initiator.accelerator.cuda;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The CUDA driver's calls, by the names its library exports: those that end in a version are what
 * {@code cuda.h} calls without. {@link #MISSING} says why there are none; then nothing else here
 * may be called. Handles are pointers and device addresses, 64 bits of either.
 */
final class CudaCalls {
  /** Why the calls cannot be made, in one line, or null when they can. */
  static final @Nullable String MISSING = bind();

  static final int SUCCESS = 0;

  /** CUDA_ERROR_NOT_READY of an event that was recorded and did not happen yet. */
  static final int NOT_READY = 600;

  /** CU_MEMHOSTREGISTER_PORTABLE: pinned for every context. */
  static final int REGISTER_PORTABLE = 1;

  /** CU_STREAM_NON_BLOCKING: does not wait for the default stream. */
  static final int STREAM_NON_BLOCKING = 1;

  /** CU_EVENT_DISABLE_TIMING: an event that only happens is cheaper. */
  static final int EVENT_DISABLE_TIMING = 2;

  private CudaCalls() {}

  private static @Nullable String bind() {
    try {
      Native.register(CudaCalls.class, "libcuda.so.1");
      return null;
    } catch (LinkageError | RuntimeException e) {
      // JNA lists every place it looked at, line by line.
      String text = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      return "no CUDA driver: " + text.replaceFirst(":$", "");
    }
  }

  // The rest keeps the C names: JNA binds by them.
  static native int cuInit(int flags);

  static native int cuDeviceGetCount(int[] count);

  static native int cuDeviceGet(int[] device, int ordinal);

  static native int cuDeviceGetName(byte[] name, int length, int device);

  static native int cuDevicePrimaryCtxRetain(long[] context, int device);

  static native int cuDevicePrimaryCtxRelease_v2(int device);

  static native int cuCtxSetCurrent(Pointer context);

  static native int cuCtxPushCurrent_v2(Pointer context);

  static native int cuCtxPopCurrent_v2(long[] context);

  static native int cuMemHostRegister_v2(Pointer memory, long bytes, int flags);

  static native int cuMemHostUnregister(Pointer memory);

  static native int cuMemAlloc_v2(long[] address, long bytes);

  static native int cuMemFree_v2(long address);

  static native int cuMemcpyHtoDAsync_v2(long to, Pointer from, long bytes, Pointer stream);

  static native int cuMemcpyDtoH_v2(Pointer to, long from, long bytes);

  static native int cuStreamCreate(long[] stream, int flags);

  static native int cuStreamSynchronize(Pointer stream);

  static native int cuStreamDestroy_v2(Pointer stream);

  static native int cuEventCreate(long[] event, int flags);

  static native int cuEventRecord(Pointer event, Pointer stream);

  static native int cuEventQuery(Pointer event);

  static native int cuEventDestroy_v2(Pointer event);

  static native int cuGetErrorName(int error, long[] name);
}
