package io.mora.target.shard;

import io.mora.protocol.net.IoLoop;

/**
 * One pinned loop with everything a command needs on its way from socket to disk and back.
 *
 * <p>Assumes: whatever hangs on a shard is touched by {@link #loop}'s thread only. Guarantees:
 * {@link #execute} is the only door in. Progress: tasks run once a loop turn, in order.
 */
public final class Shard {
  private final int index;
  private final IoLoop loop;
  private final BufferPool buffers;

  public Shard(int index, IoLoop loop, BufferPool buffers) {
    this.index = index;
    this.loop = loop;
    this.buffers = buffers;
  }

  /** 0-based number of this shard in its group. */
  public int index() {
    return index;
  }

  public IoLoop loop() {
    return loop;
  }

  /** Aligned I/O buffers of this shard; its thread only. */
  public BufferPool buffers() {
    return buffers;
  }

  /** Runs a task on the shard's thread; from any thread. */
  public void execute(Runnable task) {
    loop.execute(task);
  }
}
