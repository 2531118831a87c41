package io.mora.protocol.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An echo server that moves each connection to another loop once it has heard from it. */
class RehomingTest {
  private static final int MANY = 1200;
  private static final int SOME = 400;
  private static final int CLIENTS = 12;
  private static final long WAIT_S = 30;

  private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true);
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger moved = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger strays = new AtomicInteger();
  private final List<IoLoop> loops = new ArrayList<>();
  private int preludeBytes;
  private final long seed = System.nanoTime();
  private ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();

  @BeforeEach
  void detectLeaks() {
    System.out.println("seed " + seed);
    level = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
  }

  @AfterEach
  void restore() {
    ResourceLeakDetector.setLevel(level);
  }

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void politePeersLoseNothing(TransportKind kind) throws Exception {
    int port = serve(kind, false);
    clients(SOME, random -> polite(port, random));
    assertThat(moved.get()).isEqualTo(SOME);
    finish();
    assertThat(failed.get()).isZero();
  }

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void peersThatTalkDuringTheMoveLoseNothing(TransportKind kind) throws Exception {
    int port = serve(kind, false);
    clients(MANY, random -> talkative(port, random));
    assertThat(moved.get()).isEqualTo(MANY);
    finish();
    assertThat(failed.get()).isZero();
  }

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void connectionsMayMoveBackAndForth(TransportKind kind) throws Exception {
    int port = serve(kind, true);
    clients(SOME, random -> talkative(port, random));
    assertThat(moved.get()).isGreaterThanOrEqualTo(SOME);
    finish();
    assertThat(failed.get()).isZero();
  }

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void writesBegunBeforeTheMoveAreFinished(TransportKind kind) throws Exception {
    preludeBytes = 4 << 20;
    int port = serve(kind, false);
    clients(24, random -> slow(port, random));
    finish();
    assertThat(failed.get()).isZero();
  }

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void peersThatHangUpDuringTheMoveLeaveNothingBehind(TransportKind kind) throws Exception {
    int port = serve(kind, true);
    clients(SOME, random -> rude(port, random));
    finish();
  }

  private interface Client {
    void run(Random random) throws IOException;
  }

  private void clients(int count, Client client) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int connection = i;
        tasks.add(
            () -> {
              client.run(new Random(seed + connection));
              return null;
            });
      }
      for (Future<Void> each : pool.invokeAll(tasks, WAIT_S, TimeUnit.SECONDS)) {
        each.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(15_000);
    return socket;
  }

  /** Waits for each answer before it speaks again. */
  private static void polite(int port, Random random) throws IOException {
    try (Socket socket = connect(port)) {
      for (int i = 0; i < 5; i++) {
        byte[] message = new byte[1 + random.nextInt(3000)];
        random.nextBytes(message);
        socket.getOutputStream().write(message);
        assertThat(socket.getInputStream().readNBytes(message.length)).isEqualTo(message);
      }
    }
  }

  /** Sends in pieces without waiting, then expects all of it back. */
  private static void talkative(int port, Random random) throws IOException {
    try (Socket socket = connect(port)) {
      byte[] message = new byte[1 + random.nextInt(20_000)];
      random.nextBytes(message);
      OutputStream out = socket.getOutputStream();
      for (int at = 0; at < message.length; ) {
        int length = Math.min(message.length - at, 1 + random.nextInt(4000));
        out.write(message, at, length);
        at += length;
        if (random.nextInt(4) == 0) {
          Thread.onSpinWait();
        }
      }
      assertThat(socket.getInputStream().readNBytes(message.length)).isEqualTo(message);
    }
  }

  /** Is sent more than its socket takes before the move, and reads all of it and the answer. */
  private void slow(int port, Random random) throws IOException {
    try (Socket socket = connect(port)) {
      byte[] message = new byte[1 + random.nextInt(3000)];
      random.nextBytes(message);
      socket.getOutputStream().write(message);
      byte[] prelude = socket.getInputStream().readNBytes(preludeBytes);
      for (int i = 0; i < prelude.length; i += 997) {
        assertThat(prelude[i]).isEqualTo((byte) (i >>> 8));
      }
      assertThat(prelude).hasSize(preludeBytes);
      assertThat(socket.getInputStream().readNBytes(message.length)).isEqualTo(message);
    }
  }

  /** Sends something and goes: orderly, by reset or with its answers unread. */
  private static void rude(int port, Random random) throws IOException {
    try (Socket socket = connect(port)) {
      byte[] message = new byte[1 + random.nextInt(20_000)];
      socket.getOutputStream().write(message);
      int manner = random.nextInt(4);
      if (manner == 0) {
        socket.setSoLinger(true, 0);
      } else if (manner == 1) {
        socket.shutdownOutput();
        InputStream in = socket.getInputStream();
        assertThat(in.readAllBytes()).hasSizeLessThanOrEqualTo(message.length);
      } else if (manner == 2) {
        socket.getInputStream().read();
      }
    }
  }

  private int serve(TransportKind kind, boolean always) throws Exception {
    assumeTrue(kind.available(), () -> kind + ": " + kind.unavailableReason());
    for (int i = 0; i < 2; i++) {
      String name = "rehoming-" + i;
      loops.add(
          IoLoop.start(kind, LoopOptions.DEFAULT, body -> new FastThreadLocalThread(body, name)));
    }
    Channel server =
        new ServerBootstrap()
            .group(loops.get(0).eventLoop())
            .channel(kind.serverChannel())
            .option(ChannelOption.SO_BACKLOG, MANY)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOCATOR, memory)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new Echo(always));
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  /** Waits until every connection is gone, and checks that it left no memory and no confusion. */
  private void finish() throws Exception {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
    while (open.get() > 0) {
      assertThat(System.nanoTime()).as("%d open", open.get()).isLessThan(deadlineNs);
      Thread.sleep(5);
    }
    for (IoLoop loop : loops) {
      assertThat(loop.shutdown(20_000)).isTrue();
    }
    assertThat(strays.get()).as("events on a thread that is not the channel's").isZero();
    assertThat(memory.metric().usedDirectMemory()).isZero();
    assertThat(memory.metric().usedHeapMemory()).isZero();
  }

  private final class Echo extends ChannelInboundHandlerAdapter {
    private final boolean always;
    private int home;
    private boolean settled;
    private boolean moving;
    private final AtomicBoolean ended = new AtomicBoolean();

    Echo(boolean always) {
      this.always = always;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      open.incrementAndGet();
      ctx.read();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      end();
    }

    private void end() {
      if (!ended.compareAndSet(false, true) || !loops.get(home).inLoop()) {
        strays.incrementAndGet();
      }
      open.decrementAndGet();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (moving || !loops.get(home).inLoop()) {
        strays.incrementAndGet();
      }
      ByteBuf bytes = (ByteBuf) message;
      if (settled && !always) {
        ctx.writeAndFlush(bytes);
        return;
      }
      settled = true;
      moving = true;
      if (preludeBytes > 0) {
        byte[] prelude = new byte[preludeBytes];
        for (int i = 0; i < preludeBytes; i++) {
          prelude[i] = (byte) (i >>> 8);
        }
        ctx.writeAndFlush(ctx.alloc().directBuffer(preludeBytes).writeBytes(prelude));
      }
      Rehoming.move(
          ctx.channel(),
          loops.get(1 - home),
          failure -> {
            moving = false;
            if (failure != null) {
              failed.incrementAndGet();
              end();
              bytes.release();
              return;
            }
            moved.incrementAndGet();
            home = 1 - home;
            if (!loops.get(home).inLoop()) {
              strays.incrementAndGet();
            }
            ctx.writeAndFlush(bytes);
            ctx.read();
          });
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      if (!moving) {
        ctx.read();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (!(cause instanceof IOException)) {
        cause.printStackTrace();
        strays.incrementAndGet();
      }
      ctx.close();
    }
  }
}
