package io.mora.protocol.net;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntSupplier;

/** An {@link IoLoop} that is a Netty event loop, its handler wrapped by a turn. */
final class NettyLoop implements IoLoop {
  private static final TurnListener[] NONE = {};
  private static final TurnListener NOBODY = () -> {};
  private static final int ASKED_FIRST = 16;

  private final TransportKind transport;
  private final IntSupplier pinnedCpu;
  private final IoEventLoop eventLoop;
  private final boolean fileRing;
  private final LoopMemory memory;
  private volatile long spinNs;

  // The loop's thread only. The array is replaced, never changed: listeners may come and go in a
  // round.
  private TurnListener[] listeners = NONE;
  private TurnListener[] asked = new TurnListener[ASKED_FIRST];
  private TurnListener[] askedBefore = new TurnListener[ASKED_FIRST];
  private int askedCount;
  private boolean stayAwake;
  private long round;
  private long nowNs = System.nanoTime();

  /**
   * @param make an event loop whose handlers are of the given factory
   */
  private NettyLoop(
      TransportKind transport,
      LoopOptions options,
      Function<IoHandlerFactory, ? extends IoEventLoop> make) {
    this.transport = transport;
    this.pinnedCpu = options.pinnedCpu();
    this.spinNs = options.spinNs();
    this.memory = new LoopMemory(transport);
    boolean beside =
        options.fileRing() && transport == TransportKind.EPOLL && transport.hasFileRing();
    this.fileRing = beside || transport == TransportKind.IO_URING;
    IoHandlerFactory handlers = transport.handlerFactory(options);
    this.eventLoop =
        make.apply(
            executor ->
                new TurnHandler(
                    handlers.newHandler(executor),
                    beside ? FileRing.open(options, executor) : null,
                    this));
  }

  static NettyLoop start(TransportKind transport, LoopOptions options, ThreadFactory threads) {
    NettyLoop loop =
        make(
            transport,
            options,
            handlers -> new MultiThreadIoEventLoopGroup(1, threads, handlers).next());
    loop.eventLoop.submit(() -> {}).awaitUninterruptibly();
    return loop;
  }

  /**
   * A loop of any making; who made its event loop runs it.
   *
   * @throws IllegalStateException if the transport is not available or refuses, with its reason
   */
  static NettyLoop make(
      TransportKind transport,
      LoopOptions options,
      Function<IoHandlerFactory, ? extends IoEventLoop> make) {
    String reason = transport.unavailableReason();
    if (reason != null) {
      throw new IllegalStateException(
          "transport " + transport.configName() + " is not available: " + reason);
    }
    try {
      return new NettyLoop(transport, options, make);
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "transport " + transport.configName() + " cannot start a loop: " + e.getMessage(), e);
    }
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
  public void atEndOfTurn(TurnListener listener) {
    if (askedCount == asked.length) {
      asked = Arrays.copyOf(asked, 2 * askedCount);
    }
    asked[askedCount++] = listener;
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
    return eventLoop.shutdownGracefully(0, timeoutMs, TimeUnit.MILLISECONDS).await(timeoutMs);
  }

  @Override
  public String toString() {
    return transport.configName() + " loop";
  }

  /** Runs every listener; on the loop's thread. A listener's failure is not the loop's. */
  void endTurn() {
    for (TurnListener listener : listeners) {
      tell(listener);
    }
    if (askedCount > 0) {
      endTurnOfAsked();
    }
  }

  private void endTurnOfAsked() {
    TurnListener[] now = asked;
    int count = askedCount;
    asked = askedBefore;
    askedBefore = now;
    askedCount = 0;
    for (int i = 0; i < count; i++) {
      tell(now[i]);
      now[i] = NOBODY;
    }
    stayAwake |= askedCount > 0;
  }

  private static void tell(TurnListener listener) {
    try {
      listener.endOfTurn();
    } catch (Throwable t) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, t);
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
