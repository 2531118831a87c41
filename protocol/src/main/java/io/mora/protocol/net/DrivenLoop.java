package io.mora.protocol.net;

import io.netty.channel.ManualIoEventLoop;
import java.util.concurrent.TimeUnit;

/**
 * A loop without a thread of its own: the thread that made it runs it, a turn at a time, and
 * between two turns nothing happens on it. Tasks and timers wait; sockets fill.
 *
 * <p>{@link #wakeup} may be called from any thread until {@link #close}, everything else from the
 * owner's.
 */
public final class DrivenLoop implements AutoCloseable {
  private final ManualIoEventLoop events;
  private final NettyLoop loop;

  private DrivenLoop(NettyLoop loop) {
    this.loop = loop;
    this.events = (ManualIoEventLoop) loop.eventLoop();
  }

  /**
   * A loop of the calling thread.
   *
   * @throws IllegalStateException if the transport is not available or refuses, with its reason
   */
  public static DrivenLoop ofThisThread(TransportKind transport, LoopOptions options) {
    Thread owner = Thread.currentThread();
    NettyLoop made =
        NettyLoop.make(transport, options, handlers -> new ManualIoEventLoop(owner, handlers));
    DrivenLoop driven = new DrivenLoop(made);
    driven.turn(0); // Netty makes its handler ready in the first.
    return driven;
  }

  /** The same as others see it. */
  public IoLoop loop() {
    return loop;
  }

  /**
   * Runs one turn: listeners, events, listeners, tasks.
   *
   * @param waitNs how long it may sleep until something comes, once {@link IoLoop#spinNs} have
   *     passed since the last work; 0 looks only
   */
  public void turn(long waitNs) {
    if (waitNs == 0) {
      events.runNow();
    } else {
      events.run(waitNs);
    }
  }

  /** Ends a sleep in {@link #turn}. */
  public void wakeup() {
    events.wakeup();
  }

  /** Closes the channels that are left, runs the tasks that wait and gives everything back. */
  @Override
  public void close() {
    events.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    while (!events.isTerminated()) {
      events.runNow();
    }
  }
}
