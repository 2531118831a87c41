package io.mora.initiator.sync;

import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.IoResult;
import io.mora.protocol.command.NvmOpcode;
import java.nio.ByteBuffer;

/**
 * A namespace to read and write by calls that return when the data is there, on a queue that the
 * calling thread drives: no other thread of this process has a part in them.
 *
 * <p>Everything is as with {@link RemoteNamespace} but for this: <b>a call returns how it
 * ended</b>, failures too ({@link IoResult#status}, {@link IoResult#exception}); it throws for
 * mistakes of the caller only. <b>The result is one object</b>, that of the queue's next call as
 * well: take from it what is needed, or {@link io.mora.initiator.io.Completion#of} it. A warm call
 * allocates nothing of ours; {@code AllocationTest} says what Netty does.
 *
 * <p><b>Time.</b> A call takes at most {@link io.mora.initiator.ConnectOptions#ioTimeoutMs} (and
 * the eighth of it until that is looked at) for each of: its answer, and waiting for a connection.
 * It cannot be interrupted; a thread that was is so again when the call returns. (On NIO an
 * interrupt costs the connection, which is then made anew: the JDK closes channels so.)
 *
 * <p>The owner's thread only.
 */
public final class SyncNamespace {
  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private final ThreadQueue queue;
  private final RemoteNamespace view;

  SyncNamespace(ThreadQueue queue, RemoteNamespace view) {
    this.queue = queue;
    this.view = view;
  }

  /**
   * The same namespace on the same queue, to submit without waiting: what is submitted leaves with
   * the next call, {@link ThreadQueue#poll} or {@link ThreadQueue#awaitAll}, and callbacks and
   * stages end within them, on this thread. Its {@code onQueue} and {@code with(IoConsumer)} leave
   * the queue.
   */
  public RemoteNamespace submitting() {
    return view;
  }

  /** Reads; as {@link RemoteNamespace#read(long, int, ByteBuffer, IoOptions)}. */
  public IoResult read(long slba, int blocks, ByteBuffer dst, IoOptions options) {
    return call(NvmOpcode.READ, slba, blocks, dst, options);
  }

  /** As above, nothing beyond the blocks. */
  public IoResult read(long slba, int blocks, ByteBuffer dst) {
    return read(slba, blocks, dst, IoOptions.PLAIN);
  }

  /** Writes; as {@link RemoteNamespace#write(long, int, ByteBuffer, IoOptions)}. */
  public IoResult write(long slba, int blocks, ByteBuffer src, IoOptions options) {
    return call(NvmOpcode.WRITE, slba, blocks, src, options);
  }

  /** As above, nothing beyond the blocks. */
  public IoResult write(long slba, int blocks, ByteBuffer src) {
    return write(slba, blocks, src, IoOptions.PLAIN);
  }

  /** Makes every write that completed before this call durable. */
  public IoResult flush() {
    return call(NvmOpcode.FLUSH, 0, 0, NONE, IoOptions.PLAIN);
  }

  private IoResult call(int opcode, long slba, int blocks, ByteBuffer data, IoOptions options) {
    boolean interrupted = queue.enter();
    try {
      ResultSlot slot = queue.beginResult();
      while (!submit(opcode, slba, blocks, data, options, slot)) {
        if (!queue.awaitRoom(view, opcode, slot)) {
          return slot;
        }
      }
      queue.await(slot);
      return slot;
    } finally {
      queue.leave(interrupted);
    }
  }

  private boolean submit(
      int opcode, long slba, int blocks, ByteBuffer data, IoOptions options, ResultSlot slot) {
    return switch (opcode) {
      case NvmOpcode.READ -> view.read(slba, blocks, data, options, slot, 0);
      case NvmOpcode.WRITE -> view.write(slba, blocks, data, options, slot, 0);
      default -> view.flush(slot, 0);
    };
  }

  @Override
  public String toString() {
    return view + " on " + queue;
  }
}
