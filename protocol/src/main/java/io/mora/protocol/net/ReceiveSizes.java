package io.mora.protocol.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How much a socket is asked for at a time: what it has brought lately, up to what a turn may read
 * of one connection; then the others have their go. Into memory of the loop, where that can be;
 * long data right to where it belongs.
 */
public final class ReceiveSizes extends DefaultMaxMessagesRecvByteBufAllocator {
  /*
   * Data that is read along with its header has to be copied once more. While a connection brings
   * long data, only so much is asked for between two pieces of it as headers need: one more system
   * call a piece instead of the copy.
   */
  private static final int LEAST_BYTES = 2048;
  private static final int FIRST_BYTES = 4096;

  /** Data from so many bytes on is read in place; where it begins to pay was not measured. */
  private static final int PLACE_MIN_BYTES = 16 << 10;

  private final IntSupplier most;
  private final Supplier<LoopMemory> memory;
  private final Landing landing;

  /**
   * @param most longest read now, in bytes
   * @param memory of the loop the channel is on now
   * @param landing where what is read next belongs
   */
  public ReceiveSizes(IntSupplier most, Supplier<LoopMemory> memory, Landing landing) {
    super(1);
    this.most = most;
    this.memory = memory;
    this.landing = landing;
  }

  @SuppressWarnings("deprecation") // the interface's own signature
  @Override
  public Handle newHandle() {
    return new Sizes();
  }

  private final class Sizes extends MaxMessageHandle {
    private @Nullable ChannelConfig config;
    private int next = FIRST_BYTES;
    private boolean wasSmall;

    /** Between pieces of long data. */
    private boolean streaming;

    private boolean inPlace;
    private boolean wentOn;

    @Override
    public void reset(ChannelConfig newConfig) {
      config = newConfig;
      wentOn = false;
      super.reset(newConfig);
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator alloc) {
      LoopMemory loop = memory.get();
      int awaited = loop.isSynchronous() ? landing.awaitedBytes() : 0;
      if (awaited >= PLACE_MIN_BYTES) {
        ByteBuf place = landing.place(Math.min(awaited, most.getAsInt()));
        if (place != null) {
          streaming = true;
          inPlace = true;
          return place;
        }
      }
      // What was asked for last brought no long data.
      streaming &= inPlace;
      inPlace = false;
      int bytes = streaming ? LEAST_BYTES + awaited : guess();
      ByteBuf shared = loop.receive(bytes);
      return shared == null ? alloc.ioBuffer(bytes) : shared;
    }

    @Override
    public int guess() {
      return Math.min(next, most.getAsInt());
    }

    @Override
    public void lastBytesRead(int bytes) {
      if (bytes > 0 && !streaming) {
        adapt(bytes, attemptedBytesRead());
      }
      super.lastBytesRead(bytes);
    }

    /** Behind the header of long data its data is read at once. */
    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
      if (super.continueReading(maybeMoreData)) {
        return true;
      }
      ChannelConfig now = config;
      if (wentOn
          || inPlace
          || now == null
          || !now.isAutoRead()
          || lastBytesRead() < attemptedBytesRead()
          || !memory.get().isSynchronous()
          || landing.awaitedBytes() < PLACE_MIN_BYTES) {
        return false;
      }
      wentOn = true;
      return true;
    }

    @Override
    public boolean continueReading() {
      return continueReading(UncheckedBooleanSupplier.TRUE_SUPPLIER);
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
