package io.mora.initiator.accelerator;

import java.nio.ByteBuffer;

/**
 * What {@link Accelerator} asks of a device's driver. {@link #begin} and {@link #isDone} are called
 * by its one thread, {@link #close} once that has ended, the rest by any; each may block for as
 * long as the driver likes, and fails with {@link AcceleratorException}.
 */
public interface AcceleratorDriver extends AutoCloseable {
  /** For people: the device. */
  String name();

  /** Pins a direct buffer, whole, so that the device can fetch from it by itself. */
  void pin(ByteBuffer memory);

  /** Ends what {@link #pin} did with the same buffer. */
  void unpin(ByteBuffer memory);

  /** Memory of the device; its address there, which is not 0. */
  long allocate(long bytes);

  void free(long address);

  /**
   * Begins a copy to the device, after those begun before. If it fails nothing is under way.
   *
   * @param from direct, from position to limit; stays as it is until the copy is done
   * @param to address on the device
   * @param mark names the copy to {@link #isDone}: 0 to {@link #MARKS} - 1, free again when that
   *     one is done
   */
  void begin(ByteBuffer from, long to, int mark);

  /** Whether all bytes of a copy are on the device; after a failure it counts as done. */
  boolean isDone(int mark);

  /** Lets go of everything; nothing is under way. */
  @Override
  void close();

  /** Copies that may be under way at a time. */
  int MARKS = 1024;
}
