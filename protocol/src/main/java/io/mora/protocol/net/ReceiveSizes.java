package io.mora.protocol.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * How much a socket is asked for at a time: what it has brought lately, up to what a turn may read
 * of one connection; then the others have their go. Into memory of the loop, where that can be.
 */
public final class ReceiveSizes extends DefaultMaxMessagesRecvByteBufAllocator {
  private static final int LEAST_BYTES = 2048;
  private static final int FIRST_BYTES = 4096;

  private final IntSupplier most;
  private final Supplier<LoopMemory> memory;

  /**
   * @param most longest read now, in bytes
   * @param memory of the loop the channel is on now
   */
  public ReceiveSizes(IntSupplier most, Supplier<LoopMemory> memory) {
    super(1);
    this.most = most;
    this.memory = memory;
  }

  @SuppressWarnings("deprecation") // the interface's own signature
  @Override
  public Handle newHandle() {
    return new Sizes();
  }

  private final class Sizes extends MaxMessageHandle {
    private int next = FIRST_BYTES;
    private boolean wasSmall;

    @Override
    public ByteBuf allocate(ByteBufAllocator alloc) {
      int bytes = guess();
      ByteBuf shared = memory.get().receive(bytes);
      return shared == null ? alloc.ioBuffer(bytes) : shared;
    }

    @Override
    public int guess() {
      return Math.min(next, most.getAsInt());
    }

    @Override
    public void lastBytesRead(int bytes) {
      if (bytes > 0) {
        adapt(bytes, attemptedBytesRead());
      }
      super.lastBytesRead(bytes);
    }

    /** Doubles when full, halves when less than half full twice in a row. */
    private void adapt(int bytes, int asked) {
      if (bytes >= asked) {
        next = Math.min(next * 2, 1 << 20);
        wasSmall = false;
      } else if (bytes < next / 2) {
        if (wasSmall) {
          next = Math.max(LEAST_BYTES, next / 2);
        }
        wasSmall = !wasSmall;
      } else {
        wasSmall = false;
      }
      next = Math.min(next, Math.max(LEAST_BYTES, most.getAsInt()));
    }
  }
}
