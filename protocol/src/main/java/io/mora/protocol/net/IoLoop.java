package io.mora.protocol.net;

import io.netty.channel.IoEventLoop;
import java.util.concurrent.ThreadFactory;

/**
 * One event loop on one thread, with a hook that runs once after each turn.
 *
 * <p>A turn is: wait for and deliver I/O events (sockets and own ring operations), run due tasks.
 * {@link TurnListener}s run after the events were delivered and before the loop may sleep again, so
 * that channel callbacks only parse and enqueue while ordering and flushing see everything that
 * arrived in the turn.
 */
public interface IoLoop {
  /**
   * Starts a loop on a thread of the given factory and waits until that thread runs.
   *
   * @throws IllegalStateException if the transport is not available or refuses, with its reason
   */
  static IoLoop start(TransportKind transport, LoopOptions options, ThreadFactory threads) {
    return NettyLoop.start(transport, options, threads);
  }

  TransportKind transport();

  /** Whether files can be read and written through the loop. */
  boolean hasFileRing();

  /** For registering channels and handles. */
  IoEventLoop eventLoop();

  /** True on this loop's own thread. */
  boolean inLoop();

  void execute(Runnable task);

  /** Adds a listener; on the loop's thread. Listeners run in order of addition. */
  void addTurnListener(TurnListener listener);

  void removeTurnListener(TurnListener listener);

  /**
   * Has a listener called once when this turn ends, after those that were added; on the loop's
   * thread. Who asks twice is called twice. For what there may be thousands of on a loop: a turn
   * costs those that have something to do. Asked from within such a call it is for the next turn,
   * which follows without sleeping.
   */
  void atEndOfTurn(TurnListener listener);

  /** Another turn follows this one without sleeping, for work left over; on the loop's thread. */
  void stayAwake();

  /**
   * How often the loop has gone to its transport for events; on the loop's thread. What an
   * asynchronous transport was told to send leaves when this grows.
   */
  long round();

  /** How long the loop polls after its last work before it sleeps; 0 sleeps at once. */
  long spinNs();

  /**
   * Changes {@link #spinNs}, from any thread; a sleeping loop follows when it next wakes.
   *
   * @throws IllegalArgumentException outside 0 to {@link LoopOptions#MAX_SPIN_NS}
   */
  void spinNs(long spinNs);

  /** Nanoseconds of {@link System#nanoTime} read at the last {@link #refreshNow}; loop thread. */
  long nowNs();

  /** Reads the clock into {@link #nowNs}; a few times a turn, never once a command. */
  long refreshNow();

  /** Memory its connections share; on the loop's thread. */
  LoopMemory memory();

  /** CPU this loop's thread is pinned to, or -1. */
  int pinnedCpu();

  /** Stops the loop after its channels are closed; waits at most the given time. */
  boolean shutdown(long timeoutMs) throws InterruptedException;

  /** Something to do once a turn, on the loop's thread. */
  interface TurnListener {
    /**
     * Called once or twice a turn, also on idle passes of a spinning loop: cheap when there is
     * nothing to do. What it throws goes to the thread's uncaught exception handler and the loop
     * goes on.
     */
    void endOfTurn();
  }
}
