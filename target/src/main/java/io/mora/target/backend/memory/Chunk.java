package io.mora.target.backend.memory;

import io.mora.protocol.net.LentMemory;
import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Buffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/** Memory of one chunk, with a state for each granule. */
final class Chunk implements LentMemory {
  /*
   * Atomicity. Memory is divided into granules of 4096 bytes, each with a state: how many have it on
   * loan, or that a writer is at it, and whether one waits. A reader takes a granule on loan while it
   * copies it out or the kernel does; a writer needs it for itself.
   *
   * Assumes: loans are short: a copy, or until the flush of a turn on the shard that has it. Copies
   * go through the buffers' bulk operations, on the shards' threads.
   * Guarantees: a reader sees each granule, hence each block, as one write left it; two writers of
   * one granule leave one's bytes whole. More than a granule is not one unit (AWUN and AWUPF are
   * one block).
   * Progress: nobody spins on another thread. Who finds a granule taken puts the request off to the
   * next turn of its own loop. While a writer waits nobody new gets the granule on loan, so that
   * readers cannot keep it out.
   */
  static final int BYTES = 256 << 10;

  static final int GRANULE_BYTES = 4096;

  /** A writer is at the granule. */
  private static final int WRITING = 1 << 31;

  /** A writer waits for it; the bits below count loans. */
  private static final int WANTED = 1 << 30;

  private static final VarHandle STATE = MethodHandles.arrayElementVarHandle(int[].class);

  private final ByteBuffer memory = ByteBuffer.allocateDirect(BYTES);
  private final int[] states = new int[BYTES / GRANULE_BYTES];
  private long address;

  /** Where the granule of a byte ends. */
  static int granuleEnd(int at) {
    return (at & -GRANULE_BYTES) + GRANULE_BYTES;
  }

  /** Native address of byte 0; only where a native transport is loaded. */
  long address() {
    long known = address;
    if (known == 0) {
      known = Buffer.memoryAddress(memory);
      address = known; // Racing threads find the same.
    }
    return known;
  }

  /** Takes all granules of a range on loan, or none. */
  boolean borrow(int at, int lengthBytes) {
    int last = (at + lengthBytes - 1) / GRANULE_BYTES;
    for (int granule = at / GRANULE_BYTES; granule <= last; granule++) {
      if (!borrow(granule)) {
        for (int taken = at / GRANULE_BYTES; taken < granule; taken++) {
          STATE.getAndAdd(states, taken, -1);
        }
        return false;
      }
    }
    return true;
  }

  private boolean borrow(int granule) {
    while (true) {
      int state = (int) STATE.getVolatile(states, granule);
      if ((state & (WRITING | WANTED)) != 0) {
        return false;
      }
      if (STATE.compareAndSet(states, granule, state, state + 1)) {
        return true;
      }
    }
  }

  @Override
  public void giveBack(int at, int lengthBytes) {
    int last = (at + lengthBytes - 1) / GRANULE_BYTES;
    for (int granule = at / GRANULE_BYTES; granule <= last; granule++) {
      STATE.getAndAdd(states, granule, -1);
    }
  }

  @Override
  public void copyTo(int at, ByteBuf target, int targetAt, int lengthBytes) {
    ByteBuffer to = target.internalNioBuffer(targetAt, lengthBytes);
    to.put(to.position(), memory, at, lengthBytes);
  }

  /** Copies into one granule; false when somebody else has it. */
  boolean write(int at, ByteBuffer source, int sourceAt, int lengthBytes) {
    int granule = at / GRANULE_BYTES;
    int state = (int) STATE.getVolatile(states, granule);
    if ((state & ~WANTED) != 0 || !STATE.compareAndSet(states, granule, state, WRITING)) {
      want(granule);
      return false;
    }
    memory.put(at, source, sourceAt, lengthBytes);
    STATE.setVolatile(states, granule, 0);
    return true;
  }

  /** No new loans until a writer was there; a writer that is there now leaves 0 behind it. */
  private void want(int granule) {
    int state = (int) STATE.getVolatile(states, granule);
    while (state > 0
        && (state & WANTED) == 0
        && !STATE.compareAndSet(states, granule, state, state | WANTED)) {
      state = (int) STATE.getVolatile(states, granule);
    }
  }
}
