package io.mora.protocol.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.Buffer;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every byte once and in order, and when whose memory is whose again. */
class SendQueueTest {
  private static final long WAIT_S = 20;

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void everyByteLeavesOnceAndInOrder(TransportKind kind) throws Exception {
    try (Pair pair = new Pair(kind)) {
      Random random = new Random(kind.name().hashCode());
      int turns = 150;
      CompletableFuture<Integer> said = new CompletableFuture<>();
      pair.on(() -> new Talker(pair, random).turns(turns, said));
      assertThat(pair.readPattern(random)).isEqualTo(said.get(WAIT_S, TimeUnit.SECONDS));
      assertThat(pair.flushes.get()).isEqualTo(turns);
      assertThat(pair.told.get()).isEqualTo(turns);
      assertThat(pair.memory.onLoan).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void whatIsTakenBackNeverLeaves(TransportKind kind) throws Exception {
    try (Pair pair = new Pair(kind)) {
      pair.on(
          () -> {
            SendQueue queue = pair.queue();
            ByteBuf owner = pair.owner;
            owner.setBytes(0, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
            queue.add(owner, pair.ownerAddress, 0, 2);
            queue.mark();
            queue.add(owner, pair.ownerAddress, 2, 2);
            if (pair.direct()) {
              pair.memory.lend(queue, 0, 100, owner, 4096);
              assertThat(pair.memory.onLoan).isEqualTo(100);
            }
            queue.rollBack();
            assertThat(pair.memory.onLoan).isZero();
            assertThat(queue.bytes()).isEqualTo(2);
            queue.add(owner, pair.ownerAddress, 6, 2);
            queue.flush(pair.loop.memory());
            pair.flushes.incrementAndGet();
          });
      assertThat(pair.peer.getInputStream().readNBytes(4)).containsExactly(1, 2, 7, 8);
      assertThat(pair.await(() -> pair.told.get() == 1)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void aClosedSocketTakesNothingAndLoansEnd(TransportKind kind) throws Exception {
    try (Pair pair = new Pair(kind)) {
      pair.on(
          () -> {
            SendQueue queue = pair.queue();
            pair.channel().close();
            queue.add(pair.owner, pair.ownerAddress, 0, 64);
            if (pair.direct()) {
              pair.memory.lend(queue, 0, 4096, pair.owner, 4096);
            }
            queue.flush(pair.loop.memory());
            pair.flushes.incrementAndGet();
          });
      assertThat(pair.await(() -> pair.told.get() == 1)).isTrue();
      assertThat(pair.memory.onLoan).isZero();
      assertThat(pair.await(() -> pair.owner.refCnt() == 1)).isTrue();
      assertThat(pair.peer.getInputStream().read()).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void aSlabComesBackWhenNobodyHoldsIt(TransportKind kind) throws Exception {
    try (Pair pair = new Pair(kind)) {
      pair.on(
          () -> {
            LoopMemory memory = pair.loop.memory();
            HeaderSlab first = memory.slab(pair.channel().alloc());
            ByteBuf held = first.buf.retainedSlice(0, 100);
            memory.give(first);
            HeaderSlab second = memory.slab(pair.channel().alloc());
            assertThat(second.buf).isNotSameAs(first.buf);
            held.release();
            HeaderSlab third = memory.slab(pair.channel().alloc());
            if (memory.isDirect()) {
              assertThat(third).isSameAs(first);
            }
            memory.give(second);
            memory.give(third);
            ByteBuf received = memory.receive(3000);
            if (received != null) {
              assertThat(received.capacity()).isEqualTo(4096);
              assertThat(memory.receive(4096)).isNull();
              received.release();
              assertThat(memory.receive(2049)).isSameAs(received);
              received.release();
            }
          });
    }
  }

  /**
   * Sends turns of pieces of a running pattern, in memory that is overwritten as soon as it may.
   */
  private static final class Talker {
    private static final int HALF = Pair.BYTES / 2;

    private final Pair pair;
    private final Random random;
    private int next;

    Talker(Pair pair, Random random) {
      this.pair = pair;
      this.random = random;
    }

    void turns(int left, CompletableFuture<Integer> done) {
      boolean idle = pair.told.get() == pair.flushes.get();
      if (idle && left == 0) {
        done.complete(next);
        ((SocketChannel) pair.channel()).shutdownOutput();
        return;
      }
      // Now and then more on top of what waits.
      boolean speaks = left > 0 && (idle || left % 16 == 0);
      if (speaks) {
        turn(idle);
      }
      pair.loop
          .eventLoop()
          .schedule(() -> turns(speaks ? left - 1 : left, done), 100, TimeUnit.MICROSECONDS);
    }

    private void turn(boolean idle) {
      SendQueue queue = pair.queue();
      int at = idle ? 0 : HALF;
      int pieces = random.nextInt(20) == 0 ? 2500 : 1 + random.nextInt(8);
      boolean lends = queue.sendsNow(pair.loop.memory());
      for (int i = 0; i < pieces; i++) {
        int length = pieces > 100 ? 1 + random.nextInt(40) : 1 + random.nextInt(30_000);
        int gap = random.nextInt(3);
        if (lends && random.nextBoolean()) {
          pair.memory.fill(at, length, next);
          pair.memory.lend(queue, at, length, pair.owner, at);
        } else {
          for (int b = 0; b < length; b++) {
            pair.owner.setByte(at + b, next + b);
          }
          queue.add(pair.owner, pair.ownerAddress, at, length);
        }
        next += length;
        at += length + gap;
      }
      pair.flushes.incrementAndGet();
      queue.flush(pair.loop.memory());
      assertThat(pair.memory.onLoan).isZero();
      pair.memory.fill(0, at, -1 - next);
      if (pair.told.get() == pair.flushes.get()) {
        pair.owner.setZero(0, at);
      }
    }
  }

  /** A socket on a loop and the blocking end of it. */
  private static final class Pair implements AutoCloseable {
    private static final int BYTES = 1 << 20;

    final IoLoop loop;
    final Socket peer;
    final ByteBuffer ownerMemory = ByteBuffer.allocateDirect(BYTES);
    final ByteBuf owner = Unpooled.wrappedBuffer(ownerMemory);
    final Lent memory = new Lent(BYTES);
    final long ownerAddress;
    private final Channel channel;
    private final SendQueue queue;
    final AtomicInteger flushes = new AtomicInteger();
    final AtomicInteger told = new AtomicInteger();

    Pair(TransportKind kind) throws Exception {
      assumeTrue(kind.available(), () -> kind + ": " + kind.unavailableReason());
      loop =
          IoLoop.start(
              kind, LoopOptions.DEFAULT, body -> new FastThreadLocalThread(body, "send-test"));
      ownerAddress = direct() ? Buffer.memoryAddress(ownerMemory) : 0;
      CompletableFuture<Channel> accepted = new CompletableFuture<>();
      Channel server =
          new ServerBootstrap()
              .group(loop.eventLoop())
              .channel(kind.serverChannel())
              .childOption(ChannelOption.SO_SNDBUF, 128 << 10)
              .childHandler(
                  new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel child) {
                      child.pipeline().addLast(new ChannelInboundHandlerAdapter());
                      accepted.complete(child);
                    }
                  })
              .bind(InetAddress.getLoopbackAddress(), 0)
              .sync()
              .channel();
      peer = new Socket();
      peer.setReceiveBufferSize(256 << 10);
      peer.setSoTimeout((int) TimeUnit.SECONDS.toMillis(WAIT_S));
      peer.connect(server.localAddress());
      assertThat(((InetSocketAddress) server.localAddress()).getPort()).isPositive();
      channel = accepted.get(WAIT_S, TimeUnit.SECONDS);
      queue = new SendQueue(channel, () -> told.incrementAndGet());
    }

    Channel channel() {
      return channel;
    }

    SendQueue queue() {
      return queue;
    }

    boolean direct() {
      return loop.memory().isDirect();
    }

    void on(Runnable body) throws Exception {
      CompletableFuture.runAsync(body, loop::execute).get(WAIT_S, TimeUnit.SECONDS);
    }

    boolean await(BooleanSupplier condition) throws InterruptedException {
      for (int i = 0; i < WAIT_S * 100 && !condition.getAsBoolean(); i++) {
        Thread.sleep(10);
      }
      return condition.getAsBoolean();
    }

    /** Reads to the end; bytes must count up. Slow at times, so that the socket fills. */
    int readPattern(Random random) throws IOException, InterruptedException {
      byte[] bytes = new byte[100_000];
      int seen = 0;
      InputStream in = peer.getInputStream();
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        for (int i = 0; i < count; i++) {
          if (bytes[i] != (byte) (seen + i)) {
            throw new AssertionError("byte " + (seen + i) + " is " + bytes[i]);
          }
        }
        seen += count;
        if (random.nextInt(10) == 0) {
          Thread.sleep(1);
        }
      }
      return seen;
    }

    @Override
    public void close() throws IOException {
      peer.close();
      try {
        assertThat(loop.shutdown(10_000)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static final class Lent implements LentMemory {
    private final ByteBuffer bytes;
    int onLoan;

    Lent(int size) {
      bytes = ByteBuffer.allocateDirect(size);
    }

    void fill(int at, int length, int from) {
      for (int i = 0; i < length; i++) {
        bytes.put(at + i, (byte) (from + i));
      }
    }

    void lend(SendQueue to, int at, int length, ByteBuf standIn, int standInAt) {
      onLoan += length;
      to.lend(this, at, Buffer.memoryAddress(bytes) + at, length, standIn, standInAt);
    }

    @Override
    public void copyTo(int at, ByteBuf target, int targetAt, int lengthBytes) {
      for (int i = 0; i < lengthBytes; i++) {
        target.setByte(targetAt + i, bytes.get(at + i));
      }
    }

    @Override
    public void giveBack(int at, int lengthBytes) {
      onLoan -= lengthBytes;
    }
  }
}
