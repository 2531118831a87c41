package io.mora.protocol.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IoLoopTest {
  private static final long WAIT_S = 20;
  private static final ThreadFactory THREADS = body -> new FastThreadLocalThread(body, "loop-test");

  private static IoLoop start(TransportKind kind, long spinNs) {
    assumeTrue(kind.available(), () -> kind + ": " + kind.unavailableReason());
    return IoLoop.start(kind, LoopOptions.DEFAULT.withSpinNs(spinNs), THREADS);
  }

  private static void on(IoLoop loop, Runnable body) throws Exception {
    CompletableFuture.runAsync(body, loop::execute).get(WAIT_S, TimeUnit.SECONDS);
  }

  private static void stop(IoLoop loop) throws InterruptedException {
    assertThat(loop.shutdown(10_000)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void listenersSeeWhatATaskDidBeforeTheLoopSleeps(TransportKind kind) throws Exception {
    IoLoop loop = start(kind, 0);
    AtomicLong work = new AtomicLong();
    AtomicLong seen = new AtomicLong();
    on(loop, () -> loop.addTurnListener(() -> seen.set(work.get())));
    for (int i = 1; i <= 200; i++) {
      int value = i;
      loop.execute(() -> work.set(value));
      long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
      while (seen.get() != value) {
        assertThat(System.nanoTime()).isLessThan(deadlineNs);
        Thread.onSpinWait();
      }
    }
    stop(loop);
  }

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void listenersRunAfterEventsWithoutAnyTask(TransportKind kind) throws Exception {
    for (long spinNs : new long[] {0, 1_000_000, LoopOptions.MAX_SPIN_NS}) {
      IoLoop loop = start(kind, spinNs);
      Echo echo = new Echo();
      on(loop, () -> loop.addTurnListener(echo));
      Channel server =
          new ServerBootstrap()
              .group(loop.eventLoop())
              .channel(kind.serverChannel())
              .childHandler(echo)
              .bind(InetAddress.getLoopbackAddress(), 0)
              .sync()
              .channel();
      int port = ((InetSocketAddress) server.localAddress()).getPort();
      try (java.net.Socket socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(WAIT_S));
        for (int i = 0; i < 100; i++) {
          socket.getOutputStream().write(i);
          assertThat(socket.getInputStream().read()).isEqualTo(i);
        }
      }
      stop(loop);
    }
  }

  /** Answers only from the end of the turn. */
  @ChannelHandler.Sharable
  private static final class Echo extends ChannelInboundHandlerAdapter
      implements IoLoop.TurnListener {
    private final List<ByteBuf> arrived = new ArrayList<>();
    private @Nullable ChannelHandlerContext context;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      context = ctx;
      arrived.add((ByteBuf) message);
    }

    @Override
    public void endOfTurn() {
      if (context != null && !arrived.isEmpty()) {
        context.write(Unpooled.wrappedBuffer(arrived.toArray(ByteBuf[]::new)));
        arrived.clear();
        context.flush();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void stayAwakeGivesAnotherTurnAtOnce(TransportKind kind) throws Exception {
    IoLoop loop = start(kind, 0);
    CountDownLatch turns = new CountDownLatch(1000);
    on(
        loop,
        () ->
            loop.addTurnListener(
                () -> {
                  if (turns.getCount() > 0) {
                    turns.countDown();
                    loop.stayAwake();
                  }
                }));
    assertThat(turns.await(WAIT_S, TimeUnit.SECONDS)).isTrue();
    stop(loop);
  }

  /** Once for each time it was asked for; what asks from within is called in the next turn. */
  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void whoAsksIsCalledOnceWhenTheTurnEnds(TransportKind kind) throws Exception {
    IoLoop loop = start(kind, 0);
    int listeners = 100;
    AtomicLong[] calls = new AtomicLong[listeners];
    CountDownLatch again = new CountDownLatch(3);
    List<Long> rounds = new ArrayList<>();
    IoLoop.TurnListener chain =
        new IoLoop.TurnListener() {
          @Override
          public void endOfTurn() {
            rounds.add(loop.round());
            again.countDown();
            if (again.getCount() > 0) {
              loop.atEndOfTurn(this);
            }
          }
        };
    on(
        loop,
        () -> {
          for (int i = 0; i < listeners; i++) {
            AtomicLong counted = new AtomicLong();
            calls[i] = counted;
            loop.atEndOfTurn(
                () -> {
                  counted.incrementAndGet();
                  throw new IllegalStateException("a listener's failure is not the loop's");
                });
          }
          loop.atEndOfTurn(chain);
        });
    // Nobody wakes the loop: asking within a turn keeps it from sleeping.
    assertThat(again.await(WAIT_S, TimeUnit.SECONDS)).isTrue();
    on(loop, () -> {});
    assertThat(calls).allMatch(counted -> counted.get() == 1);
    assertThat(rounds).doesNotHaveDuplicates();
    stop(loop);
  }

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void aSpinningLoopTurnsWithoutWorkAndParksWhenTold(TransportKind kind) throws Exception {
    IoLoop loop = start(kind, LoopOptions.MAX_SPIN_NS);
    AtomicLong turns = new AtomicLong();
    on(loop, () -> loop.addTurnListener(turns::incrementAndGet));
    long before = turns.get();
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
    while (turns.get() < before + 1000) {
      assertThat(System.nanoTime()).isLessThan(deadlineNs);
      Thread.onSpinWait();
    }
    loop.spinNs(0);
    assertThat(loop.spinNs()).isZero();
    // A parked loop makes no turns: two looks that agree, within the time allowed.
    long last;
    do {
      assertThat(System.nanoTime()).isLessThan(deadlineNs);
      last = turns.get();
      Thread.sleep(50);
    } while (turns.get() != last);
    stop(loop);
  }

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void timersFireWhileParkedAndWhileSpinning(TransportKind kind) throws Exception {
    for (long spinNs : new long[] {0, LoopOptions.MAX_SPIN_NS}) {
      IoLoop loop = start(kind, spinNs);
      loop.eventLoop().schedule(() -> {}, 5, TimeUnit.MILLISECONDS).get(WAIT_S, TimeUnit.SECONDS);
      stop(loop);
    }
  }

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void aThrowingListenerGoesToTheHandlerAndTheLoopGoesOn(TransportKind kind) throws Exception {
    assumeTrue(kind.available());
    CompletableFuture<Throwable> caught = new CompletableFuture<>();
    IoLoop loop =
        IoLoop.start(
            kind,
            LoopOptions.DEFAULT,
            body -> {
              Thread thread = THREADS.newThread(body);
              thread.setUncaughtExceptionHandler((t, e) -> caught.complete(e));
              return thread;
            });
    IoLoop.TurnListener bad =
        () -> {
          throw new IllegalStateException("listener broke");
        };
    on(loop, () -> loop.addTurnListener(bad));
    assertThat(caught.get(WAIT_S, TimeUnit.SECONDS)).hasMessage("listener broke");
    on(loop, () -> loop.removeTurnListener(bad));
    assertThatThrownBy(() -> loop.addTurnListener(bad)).hasMessageContaining("only on the loop");
    stop(loop);
  }

  @Test
  void clockMovesOnlyWhenRefreshed() throws Exception {
    IoLoop loop = start(TransportKind.NIO, 0);
    on(
        loop,
        () -> {
          long read = loop.refreshNow();
          assertThat(loop.nowNs()).isEqualTo(read);
          assertThat(System.nanoTime()).isGreaterThanOrEqualTo(read);
          assertThat(loop.nowNs()).isEqualTo(read);
        });
    assertThat(loop.inLoop()).isFalse();
    assertThat(loop.pinnedCpu()).isEqualTo(-1);
    stop(loop);
  }

  @Test
  void namesAndRefusals() {
    assertThat(TransportKind.parse(" IO_uring ")).isEqualTo(TransportKind.IO_URING);
    assertThat(TransportKind.fromConfig("auto")).isEqualTo(TransportKind.best());
    assertThatThrownBy(() -> TransportKind.fromConfig("kqueue"))
        .hasMessage("transport \"kqueue\": one of auto, io_uring, epoll, nio");
    for (TransportKind kind : TransportKind.values()) {
      assertThat(kind.unavailableReason() == null).isEqualTo(kind.available());
    }
    assertThatThrownBy(() -> LoopOptions.DEFAULT.withRingSize(100))
        .hasMessage("ringSize 100: a power of two from 64 to 32768");
    assertThatThrownBy(() -> LoopOptions.DEFAULT.withSpinNs(-1)).hasMessageContaining("spinNs -1");
    assertThat(LoopOptions.DEFAULT.withRingSize(32_768).completionRingSize()).isEqualTo(65_536);
  }
}
