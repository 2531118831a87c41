package io.mora.initiator.accelerator.cuda;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.mora.initiator.accelerator.AcceleratorDriver;
import io.mora.initiator.accelerator.AcceleratorException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A CUDA device by its driver, {@code libcuda.so.1}, loaded only where it is: in the device's
 * primary context, which is the one that frameworks in the same process use, so that what is
 * allocated here is theirs to compute with.
 */
public final class CudaDriver implements AcceleratorDriver {
  private static final int NAME_BYTES = 256;

  private final int device;
  private final String name;
  private final Pointer context;
  private final Pointer stream;
  private final @Nullable Pointer[] events = new Pointer[MARKS];

  private CudaDriver(int device, String name, Pointer context, Pointer stream) {
    this.device = device;
    this.name = name;
    this.context = context;
    this.stream = stream;
  }

  /** Why there is no CUDA device here, in one line, or null where there is one. */
  public static @Nullable String missing() {
    if (CudaCalls.MISSING != null) {
      return CudaCalls.MISSING;
    }
    try {
      return devices() == 0 ? "the CUDA driver knows no device" : null;
    } catch (AcceleratorException e) {
      return e.getMessage();
    }
  }

  /**
   * How many devices there are.
   *
   * @throws AcceleratorException if there is no driver, or it fails
   */
  public static int devices() {
    if (CudaCalls.MISSING != null) {
      throw new AcceleratorException(CudaCalls.MISSING);
    }
    check("cuInit", CudaCalls.cuInit(0));
    int[] count = new int[1];
    check("cuDeviceGetCount", CudaCalls.cuDeviceGetCount(count));
    return count[0];
  }

  /**
   * Opens a device, from 0 up.
   *
   * @throws AcceleratorException if there is no driver or no such device
   */
  public static CudaDriver open(int ordinal) {
    int devices = devices();
    if (ordinal < 0 || ordinal >= devices) {
      throw new AcceleratorException("CUDA device " + ordinal + ": there are " + devices);
    }
    int[] device = new int[1];
    check("cuDeviceGet", CudaCalls.cuDeviceGet(device, ordinal));
    byte[] name = new byte[NAME_BYTES];
    check("cuDeviceGetName", CudaCalls.cuDeviceGetName(name, name.length, device[0]));
    long[] context = new long[1];
    check("cuDevicePrimaryCtxRetain", CudaCalls.cuDevicePrimaryCtxRetain(context, device[0]));
    try {
      Pointer in = new Pointer(context[0]);
      return new CudaDriver(
          device[0], "CUDA device " + ordinal + ", " + Native.toString(name), in, stream(in));
    } catch (AcceleratorException e) {
      CudaCalls.cuDevicePrimaryCtxRelease_v2(device[0]);
      throw e;
    }
  }

  private static Pointer stream(Pointer context) {
    enter(context);
    try {
      long[] stream = new long[1];
      check("cuStreamCreate", CudaCalls.cuStreamCreate(stream, CudaCalls.STREAM_NON_BLOCKING));
      return new Pointer(stream[0]);
    } finally {
      leave();
    }
  }

  private static void check(String call, int result) {
    if (result != CudaCalls.SUCCESS) {
      long[] name = new long[1];
      boolean known = CudaCalls.cuGetErrorName(result, name) == CudaCalls.SUCCESS && name[0] != 0;
      String text = known ? new Pointer(name[0]).getString(0) : "CUDA error";
      throw new AcceleratorException(call + ": " + text + " (" + result + ")");
    }
  }

  /** Calls are made in the context that is the calling thread's: until {@link #leave} this one. */
  private static void enter(Pointer context) {
    check("cuCtxPushCurrent", CudaCalls.cuCtxPushCurrent_v2(context));
  }

  /** The calling thread has again the context that it had. */
  private static void leave() {
    CudaCalls.cuCtxPopCurrent_v2(new long[1]);
  }

  private void within(Runnable calls) {
    enter(context);
    try {
      calls.run();
    } finally {
      leave();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void pin(ByteBuffer memory) {
    Pointer start = Native.getDirectBufferPointer(memory);
    within(
        () ->
            check(
                "cuMemHostRegister",
                CudaCalls.cuMemHostRegister_v2(
                    start, memory.capacity(), CudaCalls.REGISTER_PORTABLE)));
  }

  @Override
  public void unpin(ByteBuffer memory) {
    Pointer start = Native.getDirectBufferPointer(memory);
    within(() -> check("cuMemHostUnregister", CudaCalls.cuMemHostUnregister(start)));
  }

  @Override
  public long allocate(long bytes) {
    long[] address = new long[1];
    within(() -> check("cuMemAlloc", CudaCalls.cuMemAlloc_v2(address, bytes)));
    return address[0];
  }

  @Override
  public void free(long address) {
    within(() -> check("cuMemFree", CudaCalls.cuMemFree_v2(address)));
  }

  @Override
  public void begin(ByteBuffer from, long to, int mark) {
    // The accelerator's own thread, which calls for nobody else; setting it is a store.
    check("cuCtxSetCurrent", CudaCalls.cuCtxSetCurrent(context));
    Pointer event = event(mark);
    Pointer source = Native.getDirectBufferPointer(from).share(from.position());
    check(
        "cuMemcpyHtoDAsync", CudaCalls.cuMemcpyHtoDAsync_v2(to, source, from.remaining(), stream));
    int recorded = CudaCalls.cuEventRecord(event, stream);
    if (recorded != CudaCalls.SUCCESS) {
      CudaCalls.cuStreamSynchronize(stream); // It is under way, and nobody could tell its end.
      check("cuEventRecord", recorded);
    }
  }

  private Pointer event(int mark) {
    Pointer known = events[mark];
    if (known == null) {
      long[] made = new long[1];
      check("cuEventCreate", CudaCalls.cuEventCreate(made, CudaCalls.EVENT_DISABLE_TIMING));
      known = new Pointer(made[0]);
      events[mark] = known;
    }
    return known;
  }

  @Override
  public boolean isDone(int mark) {
    int result = CudaCalls.cuEventQuery(event(mark));
    if (result == CudaCalls.NOT_READY) {
      return false;
    }
    check("cuEventQuery", result);
    return true;
  }

  /**
   * Reads device memory back, which waits for the device: for tests and for finding faults.
   *
   * @param into direct, from position to limit
   */
  public void fetch(long from, ByteBuffer into) {
    Pointer target = Native.getDirectBufferPointer(into).share(into.position());
    within(() -> check("cuMemcpyDtoH", CudaCalls.cuMemcpyDtoH_v2(target, from, into.remaining())));
  }

  @Override
  public void close() {
    try {
      within(this::destroy);
    } finally {
      CudaCalls.cuDevicePrimaryCtxRelease_v2(device);
    }
  }

  private void destroy() {
    for (Pointer event : events) {
      if (event != null) {
        CudaCalls.cuEventDestroy_v2(event);
      }
    }
    CudaCalls.cuStreamDestroy_v2(stream);
  }
}
