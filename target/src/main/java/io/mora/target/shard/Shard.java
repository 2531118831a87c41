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
  private final BufferPool capsuleBuffers;

  /**
   * @param buffers for data that is asked for or sent
   * @param capsuleBuffers for data that comes with its command
   */
  public Shard(int index, IoLoop loop, BufferPool buffers, BufferPool capsuleBuffers) {
    this.index = index;
    this.loop = loop;
    this.buffers = buffers;
    this.capsuleBuffers = capsuleBuffers;
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

  /**
   * Buffers for data that is in a capsule, a stock of their own: while such data waits for memory
   * its connection is not read, so it must not wait for memory that waits for that connection.
   */
  public BufferPool capsuleBuffers() {
    return capsuleBuffers;
  }

  /** Bytes of both kinds of buffers on loan; the shard's thread only. */
  public long lentBytes() {
    return buffers.lentBytes() + capsuleBuffers.lentBytes();
  }

  /** Runs a task on the shard's thread; from any thread. */
  public void execute(Runnable task) {
    loop.execute(task);
  }
}
