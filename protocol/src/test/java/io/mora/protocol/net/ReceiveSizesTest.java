package io.mora.protocol.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReceiveSizesTest {
  private static final int MOST = 256 << 10;

  /** Of a connection that brings long data. */
  private static final class Stub implements Landing {
    private int awaited;
    private boolean nowhere;
    private @Nullable ByteBuf placed;

    @Override
    public int awaitedBytes() {
      return awaited;
    }

    @Override
    public @Nullable ByteBuf place(int lengthBytes) {
      placed = nowhere ? null : Unpooled.directBuffer(lengthBytes, lengthBytes);
      return placed;
    }
  }

  private final Stub landing = new Stub();
  private final EmbeddedChannel channel = new EmbeddedChannel();

  @SuppressWarnings("deprecation") // the interface's own signature
  private ExtendedHandle handle(TransportKind kind) {
    LoopMemory memory = new LoopMemory(kind);
    var handle = (ExtendedHandle) new ReceiveSizes(() -> MOST, () -> memory, landing).newHandle();
    handle.reset(channel.config());
    return handle;
  }

  private static ByteBuf read(ExtendedHandle handle, int bytes) {
    ByteBuf into = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
    handle.attemptedBytesRead(into.writableBytes());
    handle.lastBytesRead(Math.min(bytes, into.writableBytes()));
    handle.incMessagesRead(1);
    return into;
  }

  private static int asked(ExtendedHandle handle) {
    ByteBuf into = read(handle, Integer.MAX_VALUE);
    int bytes = into.writableBytes();
    into.release();
    return bytes;
  }

  @Test
  void longDataIsReadToItsPlaceAndLittleAroundIt() {
    ExtendedHandle handle = handle(TransportKind.NIO);
    for (int i = 0; i < 6; i++) {
      asked(handle);
    }
    assertThat(asked(handle)).isEqualTo(MOST);
    landing.awaited = 100_000;
    assertThat(read(handle, 40_000)).isSameAs(landing.placed);
    landing.awaited = 60_000;
    assertThat(asked(handle)).isEqualTo(60_000);
    landing.awaited = 0;
    assertThat(asked(handle)).isEqualTo(2048);
    landing.awaited = 120_000;
    assertThat(asked(handle)).isEqualTo(120_000);
    landing.awaited = 5_000;
    assertThat(asked(handle)).as("the end of it, and headers").isLessThanOrEqualTo(8192);
    landing.awaited = 0;
    assertThat(asked(handle)).as("no more long data").isEqualTo(MOST);
  }

  @Test
  void aHeaderIsFollowedByItsDataAtOnceAndOnce() {
    ExtendedHandle handle = handle(TransportKind.NIO);
    asked(handle);
    assertThat(handle.continueReading()).as("no long data").isFalse();
    handle.reset(channel.config());
    asked(handle);
    landing.awaited = 100_000;
    assertThat(handle.continueReading()).isTrue();
    asked(handle);
    assertThat(handle.continueReading()).isFalse();
  }

  @Test
  void aPausedConnectionReadsNoFurther() {
    ExtendedHandle handle = handle(TransportKind.NIO);
    asked(handle);
    landing.awaited = 100_000;
    channel.config().setAutoRead(false);
    assertThat(handle.continueReading()).isFalse();
  }

  @Test
  void aTurnReadsNoMoreThanItMay() {
    ExtendedHandle handle = handle(TransportKind.NIO);
    landing.awaited = 1 << 20;
    assertThat(asked(handle)).isEqualTo(MOST);
  }

  @Test
  void dataWithoutAPlaceIsReadAsAnyOther() {
    ExtendedHandle handle = handle(TransportKind.NIO);
    landing.nowhere = true;
    landing.awaited = 100_000;
    assertThat(asked(handle)).isEqualTo(4096);
  }

  /** A ring reads later, when the place may be somebody else's. */
  @Test
  void aRingIsGivenNoPlace() {
    ExtendedHandle handle = handle(TransportKind.IO_URING);
    landing.awaited = 100_000;
    assertThat(asked(handle)).isEqualTo(4096);
    assertThat(landing.placed).isNull();
  }
}
