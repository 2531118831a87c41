package io.mora.protocol.net;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** An {@link IoLoop} that is a Netty group of one thread, its handler wrapped by a turn. */
final class NettyLoop implements IoLoop {
  private static final TurnListener[] NONE = {};

  private final TransportKind transport;
  private final IntSupplier pinnedCpu;
  private final MultiThreadIoEventLoopGroup group;
  private final IoEventLoop eventLoop;
  private final boolean fileRing;
  private final LoopMemory memory;
  private volatile long spinNs;

  // The loop's thread only. The array is replaced, never changed: listeners may come and go in a
  // round.
  private TurnListener[] listeners = NONE;
  private boolean stayAwake;
  private long round;
  private long nowNs = System.nanoTime();

  private NettyLoop(TransportKind transport, LoopOptions options, ThreadFactory threads) {
    this.transport = transport;
    this.pinnedCpu = options.pinnedCpu();
    this.spinNs = options.spinNs();
    this.memory = new LoopMemory(transport);
    boolean beside =
        options.fileRing() && transport == TransportKind.EPOLL && transport.hasFileRing();
    this.fileRing = beside || transport == TransportKind.IO_URING;
    IoHandlerFactory handlers = transport.handlerFactory(options);
    this.group =
        new MultiThreadIoEventLoopGroup(
            1,
            threads,
            executor ->
                new TurnHandler(
                    handlers.newHandler(executor),
                    beside ? FileRing.open(options, executor) : null,
                    this));
    this.eventLoop = group.next();
  }

  static NettyLoop start(TransportKind transport, LoopOptions options, ThreadFactory threads) {
    String reason = transport.unavailableReason();
    if (reason != null) {
      throw new IllegalStateException(
          "transport " + transport.configName() + " is not available: " + reason);
    }
    NettyLoop loop;
    try {
      loop = new NettyLoop(transport, options, threads);
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "transport " + transport.configName() + " cannot start a loop: " + e.getMessage(), e);
    }
    loop.eventLoop.submit(() -> {}).awaitUninterruptibly();
    return loop;
  }

  @Override
  public TransportKind transport() {
    return transport;
  }

  @Override
  public boolean hasFileRing() {
    return fileRing;
  }

  @Override
  public IoEventLoop eventLoop() {
    return eventLoop;
  }

  @Override
  public boolean inLoop() {
    return eventLoop.inEventLoop();
  }

  @Override
  public void execute(Runnable task) {
    eventLoop.execute(task);
  }

  @Override
  public void addTurnListener(TurnListener listener) {
    requireLoop();
    TurnListener[] longer = Arrays.copyOf(listeners, listeners.length + 1);
    longer[listeners.length] = listener;
    listeners = longer;
  }

  @Override
  public void removeTurnListener(TurnListener listener) {
    requireLoop();
    List<TurnListener> fewer = new ArrayList<>(Arrays.asList(listeners));
    fewer.remove(listener);
    listeners = fewer.toArray(TurnListener[]::new);
  }

  @Override
  public void stayAwake() {
    stayAwake = true;
  }

  @Override
  public long round() {
    return round;
  }

  @Override
  public long spinNs() {
    return spinNs;
  }

  @Override
  public void spinNs(long newSpinNs) {
    spinNs = LoopOptions.requireSpin(newSpinNs);
  }

  @Override
  public long nowNs() {
    return nowNs;
  }

  @Override
  public long refreshNow() {
    long now = System.nanoTime();
    nowNs = now;
    return now;
  }

  @Override
  public LoopMemory memory() {
    return memory;
  }

  @Override
  public int pinnedCpu() {
    return pinnedCpu.getAsInt();
  }

  @Override
  public boolean shutdown(long timeoutMs) throws InterruptedException {
    return group.shutdownGracefully(0, timeoutMs, TimeUnit.MILLISECONDS).await(timeoutMs);
  }

  @Override
  public String toString() {
    return transport.configName() + " loop";
  }

  /** Runs every listener; on the loop's thread. A listener's failure is not the loop's. */
  void endTurn() {
    for (TurnListener listener : listeners) {
      try {
        listener.endOfTurn();
      } catch (Throwable t) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, t);
      }
    }
  }

  void nextRound() {
    round++;
  }

  boolean takeStayAwake() {
    boolean asked = stayAwake;
    stayAwake = false;
    return asked;
  }

  private void requireLoop() {
    if (!inLoop()) {
      throw new IllegalStateException(
          "on thread " + Thread.currentThread().getName() + ": only on the loop's thread");
    }
  }
}
